import Diagnostics
import Foundation
import Hardware
import Testing

@Suite struct ShippedProfileTests {
    @Test(arguments: ShippedProfiles.files.keys.sorted())
    func passesCheck(name: String) throws {
        let data = try #require(ShippedProfiles.files[name])
        let findings = ShippedProfiles.library.check(file: "\(name).yaml", data: data)
        #expect(
            findings.findings.isEmpty,
            "\(findings.rendered(sources: ["\(name).yaml": String(decoding: data, as: UTF8.self)]))")
    }

    @Test(arguments: ShippedProfiles.library.deviceNames)
    func deviceResolves(name: String) throws {
        let device = try ShippedProfiles.library.device(named: name)
        #expect(device.subject.name == name)
        #expect(!device.subject.memories.isEmpty)
        if let runtime = device.subject.defaultRuntime {
            _ = try ShippedProfiles.library.runtime(named: runtime)
        }
        let data = try JSONEncoder().encode(device)
        #expect(try JSONDecoder().decode(ResolvedDevice.self, from: data) == device)
    }

    @Test func namesOfTheContractAreThere() {
        let names = ShippedProfiles.library.deviceNames
        let wanted =
            [
                "nucleo-l4r5zi", "nucleo-h7a3zi-q", "b-u585i-iot02a", "stm32n6570-dk", "raspberry-pi-4", "pynq-z1",
                "ethos-u55-128", "ethos-u55-256", "ethos-u55-32", "ethos-u55-64", "ethos-u65-256", "ethos-u65-512",
                "eyeriss", "unit",
            ]
            + ["16x16", "32x32"].flatMap { size in ["os", "ws", "is"].map { "systolic-\(size)-\($0)" } }
        #expect(wanted.filter { !names.contains($0) } == [])
        let runtimes = [
            "cmsis-nn", "dovetail", "esp-nn", "ncnn", "pulp-nn", "tflm-reference", "tinyengine", "unit", "xnnpack",
        ]
        #expect(runtimes.filter { !ShippedProfiles.library.runtimeNames.contains($0) } == [])
    }

    @Test func everyNumberHasASource() throws {
        for name in ShippedProfiles.library.deviceNames {
            for fact in try ShippedProfiles.library.device(named: name).facts where fact.value.first?.isNumber == true {
                #expect(fact.source != nil, "\(name) \(fact.key)")
            }
        }
    }
}
