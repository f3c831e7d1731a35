// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "estimation-benchmark",
    dependencies: [.package(name: "Dovetail", path: "../..")],
    targets: [
        .executableTarget(
            name: "estimation-benchmark",
            dependencies: [.product(name: "Estimation", package: "Dovetail")],
            swiftSettings: [.swiftLanguageMode(.v6)])
    ]
)
