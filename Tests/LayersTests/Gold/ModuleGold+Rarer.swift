import Martlet

// Modules that few models need: projected LSTMs, the adaptive softmax, losses of a given distance, lazy
// layers.

extension ModuleGold {
  static var projections: Table {
    func lstm(_ options: String = "") -> String {
      "nn.LSTM(3, 4\(options), proj_size=2)"
    }
    let deep = ", num_layers=2, bidirectional=True, batch_first=True"
    return [
      lstm(): { projected() }, lstm(", bias=False"): { projected(bias: false) },
      "\(lstm())  # m(a, (b, c))": { projected(state: 1) },
      "\(lstm(deep))  # m(a, (b, c))": { projected(isDeep: true, state: 1) },
      "\(lstm())  # packed(m, a, b)": { projected(lengths: 1) },
      "\(lstm(deep))  # packed(m, a, b, (c, d))": { projected(isDeep: true, state: 2, lengths: 1) },
    ]
  }

  /// A projected network, with the positions of the first state and of the lengths among the inputs.
  private static func projected(
    bias: Bool = true, isDeep: Bool = false, state: Int? = nil, lengths: Int? = nil
  ) -> ModuleGold {
    let network = LSTM<Element>(
      inputs: 3, hidden: 4, layers: isDeep ? 2 : 1, bias: bias, batchFirst: isDeep, bidirectional: isDeep,
      projection: 2)
    return ModuleGold(network) { network, x in
      let start = state.map { LSTMState(hidden: x[$0], cell: x[$0 + 1]) }
      let (output, end) = network(x[0], start, lengths: lengths.map { x.indices($0) })
      return [output, end.hidden, end.cell]
    }
  }

  static var adaptive: Table {
    func softmax(_ cutoffs: [Int], divisor: Double = 4, bias: Bool = false) -> AdaptiveLogSoftmaxWithLoss<
      Element
    > {
      AdaptiveLogSoftmaxWithLoss(inputs: 8, classes: 12, cutoffs: cutoffs, divisor: divisor, headBias: bias)
    }
    func loss(_ module: AdaptiveLogSoftmaxWithLoss<Element>) -> ModuleGold {
      ModuleGold(module) { module, x in
        let (output, loss) = module(x[0], x.indices(1))
        return [output, loss]
      }
    }
    let two = "nn.AdaptiveLogSoftmaxWithLoss(8, 12, [3, 7], div_value=2.0)"
    return [
      two: { loss(softmax([3, 7], divisor: 2)) },
      "nn.AdaptiveLogSoftmaxWithLoss(8, 12, [4])": { loss(softmax([4])) },
      "nn.AdaptiveLogSoftmaxWithLoss(8, 12, [2, 5, 9], div_value=1.5, head_bias=True)": {
        loss(softmax([2, 5, 9], divisor: 1.5, bias: true))
      },
      "\(two)  # m.log_prob(a)": {
        ModuleGold(softmax([3, 7], divisor: 2)) { [$0.logProbabilities($1[0])] }
      },
      "\(two)  # m.predict(a)": {
        ModuleGold(softmax([3, 7], divisor: 2)) { [Tensor<Element>($0.predictions($1[0]))] }
      },
    ]
  }

  static var distances: Table {
    typealias Loss = TripletMarginWithDistanceLoss<Element>
    func gold(_ loss: Loss) -> ModuleGold { ModuleGold(Identity<Element>()) { [loss($1[0], $1[1], $1[2])] } }
    func city(_ x: Tensor<Element>, _ y: Tensor<Element>) -> Tensor<Element> { (x - y).abs().sum(axis: -1) }
    let name = "nn.TripletMarginWithDistanceLoss"
    return [
      "\(name)()": { gold(Loss()) },
      "\(name)(distance_function=city, margin=2.0)": { gold(Loss(margin: 2, distance: city)) },
      "\(name)(distance_function=city, swap=True, reduction='none')": {
        gold(Loss(swaps: true, reduction: .none, distance: city))
      },
      "\(name)(distance_function=apart, margin=0.5, reduction='sum')": {
        gold(Loss(margin: 0.5, reduction: .sum) { 1 - $0.cosineSimilarity($1) })
      },
    ]
  }

  static var lazy: Table {
    func called<L: Layer>(_ layer: L, _ shape: TensorShape) -> ModuleGold
    where L.Element == Element, L.Input == Tensor<Element>, L.Output == Tensor<Element> {
      _ = layer(.zeros(shape))
      return ModuleGold(layer)
    }
    return [
      "called(nn.LazyLinear(5), 2, 3)": { called(Lazy { Linear<Element>($0, 5) }, [2, 3]) },
      "called(nn.LazyConv2d(4, 3), 1, 2, 5, 5)": {
        called(Lazy { Conv2d<Element>($0, 4, kernelSize: 3) }, [1, 2, 5, 5])
      },
      "called(nn.LazyConvTranspose1d(3, 2, bias=False), 1, 4, 3)": {
        called(Lazy { ConvTranspose1d<Element>($0, 3, kernelSize: 2, bias: false) }, [1, 4, 3])
      },
      "called(nn.Sequential(nn.LazyConv1d(4, 3, bias=False), nn.LazyBatchNorm1d(), nn.ReLU(), nn.Flatten(), nn.LazyLinear(2)), 2, 3, 5)":
        {
          called(
            Sequential<Tensor<Element>, Tensor<Element>>([
              Lazy { Conv1d<Element>($0, 4, kernelSize: 3, bias: false) }, Lazy { BatchNorm<Element>($0) },
              ReLU<Element>(),
              Flatten<Element>(), Lazy { Linear<Element>($0, 2) },
            ]), [2, 3, 5])
        },
    ]
  }
}
