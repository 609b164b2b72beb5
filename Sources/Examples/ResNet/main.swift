// `resnet weights.safetensors image.safetensors` classifies one image with a ResNet-50 whose weights come
// from torchvision. The image's file holds "image" of shape [1, 3, h, w]. If it also holds "logits", the
// result is compared with them.

import Martlet
import ResNetModel

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

let arguments = CommandLine.arguments.dropFirst()
guard arguments.count == 2 else {
  print("usage: resnet weights.safetensors image.safetensors")
  exit(1)
}
do {
  let model = ResNet<Float>(.resNet50)
  try model.load(from: arguments[1])
  model.eval()
  let given = try SafetensorsFile(path: arguments[2])
  let image: Tensor<Float> = try given.tensor("image")
  print("\(model.parameters.reduce(0) { $0 + $1.count }) parameters, an image of \(image.shape)")
  let logits = noGrad { model(image) }[0]
  let scores = logits.scalars, probabilities = logits.softmax(axis: 0).scalars
  for index in scores.indices.sorted(by: { scores[$0] > scores[$1] }).prefix(5) {
    print("class \(index): \(probabilities[index])")
  }
  if given.names.contains("logits") {
    let expected: Tensor<Float> = try given.tensor("logits")
    let largest = expected.abs().max().item, difference = (logits - expected[0]).abs().max().item
    print("differs from PyTorch by \(difference / largest) of the largest logit")
    if !(difference <= 1e-5 * largest) { exit(1) }
  }
} catch {
  print(error)
  exit(1)
}
