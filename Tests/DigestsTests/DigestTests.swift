import Digests
import Testing

/// The examples that FIPS 180-4's companion document prints.
@Suite struct DigestTests {
    @Test(arguments: [
        ("", "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ]) func knownAnswers(text: String, digest: String) {
        #expect(Digest(of: text.utf8).description == digest)
    }

    @Test func piecesGiveTheSameDigest() {
        var hasher = Digest.Hasher()
        hasher.update(Array("ab".utf8))
        hasher.update(AnySequence("c".utf8))
        #expect(hasher.digest() == Digest(of: "abc".utf8))
    }

    @Test func textRoundTrips() throws {
        let digest = Digest(of: [1, 2, 3])
        #expect(Digest(digest.description) == digest)
        #expect(Digest("sha256:12") == nil)
        #expect(Digest("sha256:" + String(repeating: "+1", count: 32)) == nil)
    }
}
