// The pages of the tutorial as programs. The argument is a page's name. A test compares them with the pages'
// text.

let pages: [String: () throws -> Void] = [
  "Autograd": autograd,
  "CrossEntropy": crossEntropy,
  "Embeddings": embeddings,
  "Layers": layers,
  "Operations": operations,
  "PyTorchAutograd": pyTorchAutograd,
  "Recurrence": recurrence,
  "Tensors": tensors,
  "Training": training,
  "WhyAFramework": whyAFramework,
]

guard let page = pages[CommandLine.arguments.last!] else { fatalError("usage: TutorialProgram <page>") }
try page()
