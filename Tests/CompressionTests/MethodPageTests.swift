import Compression
import Foundation
import Testing

@Suite struct MethodPageTests {
    /// With RECORD_METHODS set the page is written, and the test fails.
    @Test func pageMatchesTheSteps() throws {
        let wanted = try MethodPage.markdown(StepCatalog.standard.types)
        if ProcessInfo.processInfo.environment["RECORD_METHODS"] != nil {
            try wanted.write(to: MethodPage.file, atomically: true, encoding: .utf8)
            Issue.record("recorded")
        }
        #expect(try String(contentsOf: MethodPage.file, encoding: .utf8) == wanted)
    }

    @Test(arguments: StepCatalog.standard.types.map { "\($0)" })
    func everyStepIsDocumented(_ name: String) throws {
        #expect(try MethodPage.comment(of: name, in: MethodPage.stepSources()) != nil)
    }

    @Test func everyStepHasAnExampleRecipe() throws {
        let folder = MethodPage.package.appending(path: "Examples/recipes/steps")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(Set(files) == Set(StepCatalog.standard.descriptions.map { "\($0.name).yaml" }))
    }

    @Test func namesSourcesAndProfitsAreComplete() {
        let steps = StepCatalog.standard.descriptions
        #expect(Set(steps.map(\.name)).count == steps.count)
        for step in steps {
            #expect(!step.profits.isEmpty && !step.categories.isEmpty && !step.summary.hasSuffix("."), "\(step.name)")
            #expect(step.citation.contains(/(19|20)\d\d/), "\(step.name)")
            #expect(step.name.wholeMatch(of: /[a-z0-9-]+/) != nil, "\(step.name)")
        }
    }
}
