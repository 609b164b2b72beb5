/// Returns a number with at most four significant digits, as people read it: `0.3127`, `12.5`, `1.2e-05`.
func short(_ number: Double) -> String {
  guard number.isFinite else { return number.isNaN ? "nan" : number < 0 ? "-inf" : "inf" }
  var (mantissa, exponent) = (abs(number), 0)
  while mantissa >= 9.9995 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
  while mantissa != 0, mantissa < 0.99995 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
  let sign = number < 0 ? "-" : ""
  if (-4..<7).contains(exponent) { return sign + fixed(abs(number), max(0, 3 - exponent), trimming: true) }
  let digits = String(abs(exponent))
  return sign + fixed(mantissa, 3, trimming: true) + (exponent < 0 ? "e-" : "e+")
    + (digits.count < 2 ? "0" : "") + digits
}

/// Returns a number of at least 0 and below 10⁸ with this many decimals, without the last zeros if `trimming`.
func fixed(_ number: Double, _ decimals: Int, trimming: Bool = false) -> String {
  let unit = (0..<decimals).reduce(1) { unit, _ in unit * 10 }
  let all = Int((number * Double(unit)).rounded()), rest = String(all % unit)
  if decimals == 0 || trimming && all % unit == 0 { return String(all / unit) }
  var text = String(repeating: "0", count: decimals - rest.count) + rest
  while trimming, text.last == "0" { text.removeLast() }
  return "\(all / unit).\(text)"
}
