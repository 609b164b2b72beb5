#!/bin/sh
# A stranger's package that depends on a tagged clone of this tree, by URL and version: it is built in release with
# no flag, learns XOR with `import Martlet` alone, resolves to Martlet and nothing else, and calls operations that are
# made for Float and Double.
set -eu
cd "$(dirname "$0")/.."
root=$(pwd -P)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=1.0.0

git clone --quiet --no-local . "$work/martlet"
git -C "$work/martlet" -c tag.gpgSign=false -c user.name=consumer -c user.email=consumer@localhost \
  tag --force --message "Martlet $version" $version

mkdir -p "$work/stranger/Sources/XOR"
cat >"$work/stranger/Package.swift" <<EOF
// swift-tools-version: 6.3
import PackageDescription

let package = Package(
  name: "stranger",
  platforms: [.macOS(.v15)],
  dependencies: [.package(url: "file://$work/martlet", from: "$version")],
  targets: [
    .executableTarget(name: "XOR", dependencies: [.product(name: "Martlet", package: "martlet")])
  ],
  swiftLanguageModes: [.v6]
)
EOF
cat >"$work/stranger/Sources/XOR/main.swift" <<'EOF'
import Martlet

seedRandom(1)
let inputs = Tensor<Float>([[0, 0], [0, 1], [1, 0], [1, 1]])
let targets = Tensor<Float>([[0], [1], [1], [0]])
let model = Sequential {
  Linear(2, 8)
  Tanh()
  Linear(8, 1)
}
let optimizer = Adam(model.parameters, learningRate: 0.05)
for _ in 0..<500 {
  MSELoss()(model(inputs), targets).backward()
  optimizer.step()
}
print(noGrad { model(inputs) }.scalars.map { $0 > 0.5 ? 1 : 0 })
EOF

cd "$work/stranger"
answers=$(swift run -c release XOR)
echo "XOR: $answers"
[ "$answers" = "[0, 1, 1, 0]" ]
# What a user of the library alone has to fetch and to build.
dependencies=$(swift package show-dependencies --format flatlist)
echo "fetched: $dependencies"
[ "$dependencies" = martlet ]
built=$(find -L .build/release -name '*.o' | sed -n 's|.*/\([A-Za-z]*\)\.build/.*|\1|p' | LC_ALL=C sort -u | tr '\n' ' ')
echo "built: $built"
case "$built" in *Tests* | *Example* | *Program* | *TestSupport*) exit 1 ;; esac
sh "$root/Scripts/check-specialisation.sh" "$PWD/.build/release"
