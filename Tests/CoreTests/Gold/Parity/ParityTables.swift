import MartletCore
import TestSupport

/// The results of an operation by the types of their elements.
struct ParityOutputs<Element: CheckedScalar> {
  var values: [Tensor<Element>] = []
  var integers: [Tensor<Int>] = []
  var masks: [Tensor<Bool>] = []
}

/// Martlet's side of the entries of parity.txt, by their names. Each table has another type of results.
enum Parity<Element: CheckedScalar> {
  typealias Inputs = ParityInputs<Element>
  typealias Body = (Inputs) throws -> ParityOutputs<Element>
  typealias Table<Output> = [String: (Inputs) throws -> Output]

  private static var singles: [Table<Tensor<Element>>] {
    [
      functions, activations, pairs, reductions, scans, shapes, indexing, constants, products, matrices,
      windows, resampling, normalizing, losses, pairLosses, special, polynomials, signalWindows, realParts,
      signals,
      composed, changed, solutions, masked,
    ]
  }
  private static var complexTables: [Table<Tensor<Complex<Element>>>] { [complexes, spectra] }
  private static var integerTables: [Table<Tensor<Int>>] { [places, bits, counts] }
  private static var severalTables: [Table<ParityOutputs<Element>>] { [several, chosen, reported] }

  /// Returns the operation of an entry.
  static func body(of name: String) -> Body? {
    let name = secondNames[name] ?? name
    for table in singles {
      if let body = table[name] { return { ParityOutputs(values: [try body($0)]) } }
    }
    for table in complexTables {
      if let body = table[name] { return { ParityOutputs(values: [try body($0).viewAsReal()]) } }
    }
    for table in integerTables {
      if let body = table[name] { return { ParityOutputs(integers: [try body($0)]) } }
    }
    for table in severalTables {
      if let body = table[name] { return body }
    }
    if let body = parts[name] { return { ParityOutputs(values: try body($0)) } }
    if let body = masks[name] { return { ParityOutputs(masks: [try body($0)]) } }
    return nil
  }

  /// The names of all lines.
  static var names: [String] {
    singles.flatMap(\.keys) + complexTables.flatMap(\.keys) + integerTables.flatMap(\.keys)
      + severalTables.flatMap(\.keys) + parts.keys + masks.keys + secondNames.keys
  }
  /// Entries that are the same in Martlet as other ones.
  private static var secondNames: [String: String] {
    [
      "addmm.decomposed": "addmm",
      "alias_copy": "clone",
      "as_strided_copy": "as_strided",
      "cfloat": "cdouble",
      "conj_physical:complex": "conj:complex",
      "diagonal_copy": "diagonal",
      "expand_copy": "expand",
      "grid_sampler_3d": "grid_sampler_2d",
      "linalg.norm.subgradients_at_zero": "linalg.norm",
      "log_softmax.with_dtype": "log_softmax",
      "mH": "mT",
      "mvlgamma.mvlgamma_p_3": "mvlgamma.mvlgamma_p_1",
      "mvlgamma.mvlgamma_p_5": "mvlgamma.mvlgamma_p_1",
      "narrow_copy": "narrow",
      "nn.functional.grid_sample": "grid_sampler_2d",
      "nn.functional.linear_cross_entropy.chunked": "nn.functional.linear_cross_entropy",
      "nn.functional.linear_cross_entropy.chunked_none": "nn.functional.linear_cross_entropy",
      "nn.functional.max_unpool1d.grad": "nn.functional.max_unpool1d",
      "nn.functional.max_unpool2d.grad": "nn.functional.max_unpool2d",
      "nn.functional.max_unpool3d.grad": "nn.functional.max_unpool3d",
      "nn.functional.softmin.with_dtype": "nn.functional.softmin",
      "permute_copy": "permute",
      "polygamma.polygamma_n_1": "polygamma.polygamma_n_0",
      "polygamma.polygamma_n_2": "polygamma.polygamma_n_0",
      "polygamma.polygamma_n_3": "polygamma.polygamma_n_0",
      "polygamma.polygamma_n_4": "polygamma.polygamma_n_0",
      "resolve_conj": "positive",
      "resolve_neg": "positive",
      "softmax.with_dtype": "softmax",
      "special.modified_bessel_i0": "i0",
      "special.modified_bessel_i1": "special.i1",
      "special.polygamma.special_polygamma_n_0": "polygamma.polygamma_n_0",
      "split_with_sizes_copy": "split_with_sizes",
      "squeeze_copy": "squeeze",
      "t_copy": "t",
      "transpose_copy": "transpose",
      "trapz": "trapezoid",
      "unbind_copy": "unbind",
      "unfold_copy": "unfold",
      "unsafe_chunk": "chunk",
      "unsafe_split": "split",
      "unsqueeze_copy": "unsqueeze",
      "view_copy": "view",
    ]
  }
}
