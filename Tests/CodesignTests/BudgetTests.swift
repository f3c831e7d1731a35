import Codesign
import Diagnostics
import Testing

@Suite struct BudgetTests {
    @Test(arguments: [
        ("latency<=20ms", BudgetedQuantity.latency, Int64(20_000_000_000)),
        (" latency <= 1.5 us ", .latency, 1_500_000),
        ("energy<=3 mJ", .energy, 3_000_000_000_000),
        ("energy<=7pJ", .energy, 7000),
        ("ram<=128KiB", .ram, 131_072),
        ("ram<=0 B", .ram, 0),
        ("flash<=256 kB", .flash, 256_000),
        ("accuracy-drop<=1.5", .accuracyDrop, 1_500_000),
        ("accuracy-drop<=0.25 %", .accuracyDrop, 250_000),
        ("accuracy-drop<=-2", .accuracyDrop, -2_000_000),
    ])
    func readsEveryQuantity(_ text: String, _ quantity: BudgetedQuantity, _ limit: Int64) throws {
        let budget = try Budget(parsing: text)
        #expect(budget.quantity == quantity)
        #expect(budget.limit == limit)
        #expect(budget.text == text)
    }

    @Test(arguments: [
        ("latency<=20KiB", "unit"), ("ram<=20ms", "unit"), ("flash<=1 mJ", "unit"), ("energy<=1 B", "unit"),
        ("latency<=20", "no unit"), ("ram<=0.5B", "whole number"), ("ram<=-5 B", "start with a number"),
        ("ram<=99999999999999 GiB", "out of range"), ("latency<=1e300 s", "latency"), ("latency<=nan ms", "number"),
        ("accuracy-drop<=nan", "percentage points"), ("accuracy-drop<=inf", "percentage points"),
        ("accuracy-drop<=1e9", "percentage points"), ("accuracy-drop<=1ms", "percentage points"),
        ("latency<20ms", "no '<='"), ("", "no '<='"), ("<=", "not known"), ("speed<=20ms", "not known"),
    ])
    func refusesAndSaysWhy(_ text: String, _ reason: String) throws {
        let finding = #expect(throws: Diagnostic.self) { try Budget(parsing: text) }
        #expect(finding?.message.contains(reason) ?? false, "\(finding?.message ?? "nothing")")
        #expect(finding?.message.contains("'\(text)'") ?? false)
    }

    @Test func theTightestLimitCounts() throws {
        let budgets = try ["ram<=8KiB", "ram<=4KiB", "ram<=16KiB"].map(Budget.init(parsing:))
        let request = SearchRequest(budgets: budgets)
        #expect(request.limit(on: .ram) == 4096)
        #expect(request.limit(on: .flash) == nil)
    }
}
