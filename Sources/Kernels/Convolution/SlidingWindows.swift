import CKernels

/// Windows that slide over images of one to three axes, with a number for each axis. Along an axis, tap t of
/// window o sees the pixel `o · stride + t · dilation − padding`.
package struct SlidingWindows {
  /// The extents of an image, and the numbers of taps of a window.
  package let size: [Int], kernel: [Int]
  package let stride: [Int], padding: [Int], dilation: [Int]
  /// The number of windows along each axis.
  package let out: [Int]
  /// The windows in the format of the loops, with three axes. Missing leading axes have extent 1.
  let table: MTWindows

  /// Creates windows whose number along each axis is known.
  package init(
    size: [Int], kernel: [Int], stride: [Int], padding: [Int], dilation: [Int], out: [Int]
  ) {
    func three(_ list: [Int], _ filler: Int) -> (Int, Int, Int) {
      let n = list.count
      return (n > 2 ? list[n - 3] : filler, n > 1 ? list[n - 2] : filler, n > 0 ? list[n - 1] : filler)
    }
    (self.size, self.kernel, self.out) = (size, kernel, out)
    (self.stride, self.padding, self.dilation) = (stride, padding, dilation)
    table = MTWindows(
      size: three(size, 1), kernel: three(kernel, 1), stride: three(stride, 1), padding: three(padding, 0),
      dilation: three(dilation, 1), out: three(out, 1))
  }

  /// Creates all windows that fit in the padded images; nil if none fits along one of the axes. With
  /// `roundsUp`, the last window of an axis may end beyond the padding. It must begin in the image or in the
  /// padding before it.
  package init?(
    size: [Int], kernel: [Int], stride: [Int], padding: [Int], dilation: [Int], roundsUp: Bool = false
  ) {
    var out = [Int]()
    for i in size.indices {
      let reach = SlidingWindows.reach(kernel[i], dilation[i])
      let room = size[i] + 2 * padding[i] - reach + (roundsUp ? stride[i] - 1 : 0)
      guard kernel[i] > 0, room >= 0 else { return nil }
      var count = room / stride[i] + 1
      if roundsUp, (count - 1) * stride[i] >= size[i] + padding[i] { count -= 1 }
      if count == 0 { return nil }
      out.append(count)
    }
    self.init(
      size: size, kernel: kernel, stride: stride, padding: padding, dilation: dilation, out: out)
  }

  /// Returns the number of pixels from the first to the last tap of a window, along one axis.
  package static func reach(_ kernel: Int, _ dilation: Int) -> Int { dilation * (kernel - 1) + 1 }

  /// The number of pixels of an image, of windows over it, and of taps of a window.
  var pixels: Int { size.reduce(1, *) }
  package var count: Int { out.reduce(1, *) }
  package var taps: Int { kernel.reduce(1, *) }
}
