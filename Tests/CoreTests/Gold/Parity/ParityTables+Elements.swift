import MartletCore
import TestSupport

// Operations that work element by element.

extension Parity {
  static var functions: Table<Tensor<Element>> {
    [
      "abs": { $0.x.abs() },
      "acos": { $0.x.acos() },
      "acosh": { $0.x.acosh() },
      "asin": { $0.x.asin() },
      "asinh": { $0.x.asinh() },
      "atan": { $0.x.atan() },
      "atanh": { $0.x.atanh() },
      "ceil": { $0.x.ceil() },
      "clone": { $0.x.cloned() },
      "contiguous": { $0.x.cloned() },
      "cos": { $0.x.cos() },
      "cosh": { $0.x.cosh() },
      "deg2rad": { $0.x * Element(Double.pi / 180) },
      "double": { Tensor(Tensor<Double>($0.x)) },
      "erf": { $0.x.erf() },
      "erfc": { $0.x.erfc() },
      "exp": { $0.x.exp() },
      "exp2": { $0.x.exp2() },
      "expm1": { $0.x.expm1() },
      "float": { Tensor(Tensor<Float>($0.x)) },
      "floor": { $0.x.floor() },
      "frac": { $0.x.frac() },
      "log": { $0.x.log() },
      "log10": { $0.x.log10() },
      "log1p": { $0.x.log1p() },
      "log2": { $0.x.log2() },
      "logit": { $0.x.logit(epsilon: $0.has("eps") ? $0.number("eps") : nil) },
      "nan_to_num": { $0.x.nanToNum() },
      "neg": { -$0.x },
      "positive": { $0.x },
      "rad2deg": { $0.x * Element(180 / Double.pi) },
      "reciprocal": { $0.x.reciprocal() },
      "round": { $0.x.rounded() },
      "round.decimals_0": { $0.x.rounded() },
      "round.decimals_3": { $0.x.rounded(decimals: $0.int("decimals")) },
      "round.decimals_neg_3": { $0.x.rounded(decimals: $0.int("decimals")) },
      "rsqrt": { $0.x.rsqrt() },
      "sgn": { $0.x.sign() },
      "sigmoid": { $0.x.sigmoid() },
      "sign": { $0.x.sign() },
      "sin": { $0.x.sin() },
      "sinc": { $0.x.sinc() },
      "sinh": { $0.x.sinh() },
      "sqrt": { $0.x.sqrt() },
      "square": { $0.x.square() },
      "tan": { $0.x.tan() },
      "tanh": { $0.x.tanh() },
      "trunc": { $0.x.trunc() },
    ]
  }

  static var activations: Table<Tensor<Element>> {
    [
      "nn.functional.celu": { $0.x.celu() },
      "nn.functional.elu": { $0.x.elu() },
      "nn.functional.gelu": { $0.x.gelu(approximation: $0.text("approximate") == "tanh" ? .tanh : .none) },
      "nn.functional.glu": { $0.x.glu(axis: $0.int("dim", or: -1)) },
      "nn.functional.hardshrink": { $0.x.hardshrink($0.number("lambd", or: 0.5)) },
      "nn.functional.hardswish": { $0.x.hardswish() },
      "nn.functional.hardtanh": {
        $0.x.hardtanh($0.number("min_val", or: -1)...$0.number("max_val", or: 1))
      },
      "nn.functional.leaky_relu": { $0.x.leakyRelu() },
      "nn.functional.logsigmoid": { $0.x.logSigmoid() },
      "nn.functional.mish": { $0.x.mish() },
      "nn.functional.prelu": { $0.x.prelu(weight: $0["weight"]) },
      "nn.functional.relu": { $0.x.relu() },
      "nn.functional.relu6": { $0.x.relu6() },
      "nn.functional.selu": { $0.x.selu() },
      "nn.functional.silu": { $0.x.silu() },
      "nn.functional.softshrink": { $0.x.softshrink($0.number("lambd", or: 0.5)) },
      "nn.functional.softsign": { $0.x.softsign() },
      "nn.functional.tanhshrink": { $0.x.tanhshrink() },
      "nn.functional.threshold": {
        $0.x.thresholded(above: $0.number("threshold"), else: $0.number("value"))
      },
    ]
  }

  static var pairs: Table<Tensor<Element>> {
    [
      "__radd__": { $0.y + $0.x },
      "__rdiv__": { $0.y / $0.x },
      "__rmod__": { $0.y % $0.x },
      "__rmul__": { $0.y * $0.x },
      "__rpow__": { $0.y.pow($0.x) },
      "__rsub__": { $0.y - $0.x },
      "add": { $0.has("alpha") ? $0.x + $0.y * $0.number("alpha") : $0.x + $0.y },
      "atan2": { $0.x.atan2($0.y) },
      "clamp": { $0.x.clamped(min: $0.floats["min"], max: $0.floats["max"]) },
      "clamp_max": { $0.x.clamped(max: $0["max"]) },
      "clamp_min": { $0.x.clamped(min: $0["min"]) },
      "copysign": { $0.has("other") ? $0.x.copySign($0.number("other")) : $0.x.copySign($0.y) },
      "div.floor_rounding": { $0.x.floorDivided(by: $0.y) },
      "div.no_rounding_mode": { $0.x / $0.y },
      "div.trunc_rounding": { ($0.x / $0.y).trunc() },
      "floor_divide": { $0.x.floorDivided(by: $0.y) },
      "fmax": { .fmax($0.x, $0.y) },
      "fmin": { .fmin($0.x, $0.y) },
      "fmod": { $0.x.fmod($0.y) },
      "heaviside": { $0.x.heaviside($0.y) },
      "hypot": { $0.x.hypot($0.y) },
      "lerp": {
        $0.has("weight")
          ? $0.x.lerp($0["end"], weight: $0.number("weight")) : $0.x.lerp($0["end"], weight: $0["weight"])
      },
      "logaddexp": { $0.x.logAddExp($0.y) },
      "logaddexp2": { $0.x.logAddExp2($0.y) },
      "max.binary": { .maximum($0.x, $0.y) },
      "maximum": { .maximum($0.x, $0.y) },
      "min.binary": { .minimum($0.x, $0.y) },
      "minimum": { .minimum($0.x, $0.y) },
      "mul": { $0.x * $0.y },
      "nextafter": { $0.x.nextAfter($0.y) },
      "pow": { $0.x.pow($0.y) },
      "remainder": { $0.x.remainder($0.y) },
      "rsub": { $0.has("alpha") ? $0.y - $0.x * $0.number("alpha") : $0.y - $0.x },
      "sub": { $0.has("alpha") ? $0.x - $0.y * $0.number("alpha") : $0.x - $0.y },
      "true_divide": { $0.x / $0.y },
      "where": { $0.x.where($0.mask("mask"), else: $0.y) },
      "xlogy": { $0.x.xlogy($0.y) },
    ]
  }

  static var bits: Table<Tensor<Int>> {
    [
      "__rand__": { $0.integers("other") & $0.integers("input") },
      "__ror__": { $0.integers("other") | $0.integers("input") },
      "__rxor__": { $0.integers("other") ^ $0.integers("input") },
      "bitwise_and": { $0.integers("input") & $0.integers("other") },
      "bitwise_left_shift": { $0.integers("input") << $0.integers("other") },
      "bitwise_not": { ~$0.integers("input") },
      "bitwise_or": { $0.integers("input") | $0.integers("other") },
      "bitwise_right_shift": { $0.integers("input") >> $0.integers("other") },
      "bitwise_xor": { $0.integers("input") ^ $0.integers("other") },
      "byte": { Tensor(Tensor<UInt8>($0.x)) },
      "char": { Tensor(Tensor<Int8>($0.x)) },
      "gcd": { $0.integers("input").gcd($0.integers("other")) },
      "int": { Tensor(Tensor<Int32>($0.x)) },
      "lcm": { $0.integers("input").lcm($0.integers("other")) },
      "long": { Tensor($0.x) },
      "short": { Tensor(Tensor<Int16>($0.x)) },
    ]
  }

  static var masks: Table<Tensor<Bool>> {
    [
      "all": {
        $0.has("dim") ? ($0.x .!= 0).all(axes: $0.axes, keepDims: $0.keeps) : Tensor(($0.x .!= 0).all())
      },
      "allclose": { Tensor($0.x.allClose($0.y, rtol: $0.number("rtol"), atol: $0.number("atol"))) },
      "any": {
        $0.has("dim") ? ($0.x .!= 0).any(axes: $0.axes, keepDims: $0.keeps) : Tensor(($0.x .!= 0).any())
      },
      "bool": { Tensor($0.x) },
      "eq": { $0.x .== $0.y },
      "eq:complex": { $0.z .== $0.w },
      "equal": { Tensor($0.x.shape == $0.y.shape && ($0.x .== $0.y).all()) },
      "ge": { $0.x .>= $0.y },
      "gt": { $0.x .> $0.y },
      "isclose": {
        $0.x.isClose(
          $0.y, rtol: $0.number("rtol", or: 1e-5), atol: $0.number("atol", or: 1e-8),
          equalNaN: $0.flag("equal_nan"))
      },
      "isfinite": { $0.x.isFinite },
      "isin": { $0.x.isIn($0["elements"]) },
      "isinf": { $0.x.isInfinite },
      "isnan": { $0.x.isNaN },
      "isneginf": { $0.x .== -Element.infinity },
      "isposinf": { $0.x .== Element.infinity },
      "isreal:complex": { $0.z.imaginary() .== 0 },
      "le": { $0.x .<= $0.y },
      "logical_and": { ($0.x .!= 0) .& ($0.y .!= 0) },
      "logical_not": { $0.x .== 0 },
      "logical_or": { ($0.x .!= 0) .| ($0.y .!= 0) },
      "logical_xor": { ($0.x .!= 0) ^ ($0.y .!= 0) },
      "lt": { $0.x .< $0.y },
      "ne": { $0.x .!= $0.y },
      "ne:complex": { $0.z .!= $0.w },
      "signbit": { $0.x.signBit },
    ]
  }
}
