import Exploration
import Foundation

// Times the exact solver on seeded tables. With a folder as argument, writes each problem and its answer there
// for `compare.py`, which solves the same tables with HiGHS.

struct Exchange: Encodable {
    let name: String
    let problem: ChoiceProblem
    let status: SolveStatus
    let damage: String?
    let seconds: Double
}

func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
}

let folder = CommandLine.arguments.dropFirst().first.map { URL(fileURLWithPath: $0) }
let clock = ContinuousClock()
var times: [Double] = []
print("instance,status,damage,nodes,solveSeconds,tenBestSeconds,verified,verifySeconds")
for (layers, budgets, limitsMemory) in [
    (54, 1, false), (54, 2, false), (54, 3, false), (54, 3, true), (99, 3, true),
] {
    for fraction in [0.12, 0.2, 0.3, 0.5, 0.8] {
        for seed in UInt64(1)...4 {
            let instance = ResidualNetworkProblem(
                seed: seed, layers: layers, budgets: budgets, fraction: fraction, limitsMemory: limitsMemory)
            let problem = try instance.problem()
            let start = clock.now
            let answer = ExactSolver().solve(problem)
            let solved = clock.now
            let ranked = ExactSolver().best(10, of: problem)
            let rankedAt = clock.now
            let valid = answer.certificate.map { CertificateVerifier().verify($0, for: problem).valid } ?? false
            let verified = clock.now
            let solveSeconds = seconds(solved - start)
            times.append(solveSeconds)
            print(
                instance, answer.status, answer.solution?.damage.description ?? "-", answer.nodes, solveSeconds,
                ranked.status == .optimal ? seconds(rankedAt - solved) : -1, valid, seconds(verified - rankedAt),
                separator: ",")
            guard let folder else { continue }
            let exchange = Exchange(
                name: "\(instance)", problem: problem, status: answer.status,
                damage: answer.solution?.damage.description, seconds: solveSeconds)
            let file = folder.appendingPathComponent("\(times.count).json")
            try JSONEncoder().encode(exchange).write(to: file)
        }
    }
}
times.sort()
print("median \(times[times.count / 2]) s, largest \(times[times.count - 1]) s, \(times.count) instances")
