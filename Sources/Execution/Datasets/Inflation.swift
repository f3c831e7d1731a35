import CZlib
import Diagnostics
import Foundation

/// Decompression through zlib, with a bound on the size of the result.
enum Inflation {
    /// No file may decompress to more bytes than this.
    static let limit = 1 << 31

    /// The contents of a gzip file, all its members one after another.
    static func gzip(of file: DataFile) throws -> Data {
        try inflate(file.bytes, windowBits: 31, limit: limit, file: file, offset: 0)
    }

    /// The contents of a raw deflate stream that is a part of `file`.
    static func deflated(_ bytes: Data, size: Int, file: DataFile, offset: Int) throws -> Data {
        let contents = try inflate(bytes, windowBits: -15, limit: min(size, limit), file: file, offset: offset)
        guard contents.count == size else {
            throw file.fault("a member has \(contents.count) bytes where \(size) are declared", at: offset)
        }
        return contents
    }

    /// Whether `checksum` is the CRC-32 of `bytes`.
    static func matches(_ bytes: Data, checksum: UInt32) -> Bool {
        var sum = crc32(0, nil, 0)
        bytes.withUnsafeBytes { buffer in
            for start in stride(from: 0, to: buffer.count, by: 1 << 30) {
                let part = UnsafeRawBufferPointer(rebasing: buffer[start..<min(buffer.count, start + 1 << 30)])
                sum = crc32(sum, part.bindMemory(to: UInt8.self).baseAddress, UInt32(part.count))
            }
        }
        return UInt32(truncatingIfNeeded: sum) == checksum
    }

    private static func inflate(
        _ bytes: Data, windowBits: Int32, limit: Int, file: DataFile, offset: Int
    ) throws -> Data {
        var stream = z_stream()
        guard inflateInit2_(&stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw file.fault("the decompressor does not start", at: offset)
        }
        defer { inflateEnd(&stream) }
        var contents = Data()
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        let source = [UInt8](bytes)
        try source.withUnsafeBufferPointer { input in
            stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            var remaining = input.count
            var status = Z_OK
            repeat {
                if stream.avail_in == 0 {
                    stream.avail_in = UInt32(min(remaining, 1 << 30))
                    remaining -= Int(stream.avail_in)
                }
                let written = chunk.withUnsafeMutableBufferPointer { output in
                    stream.next_out = output.baseAddress
                    stream.avail_out = UInt32(output.count)
                    status = CZlib.inflate(&stream, Z_NO_FLUSH)
                    return output.count - Int(stream.avail_out)
                }
                contents.append(contentsOf: chunk[..<written])
                let position = offset + input.count - remaining - Int(stream.avail_in)
                guard contents.count <= limit else {
                    throw file.fault("decompresses to more than \(limit) bytes", at: position)
                }
                guard status == Z_OK || status == Z_STREAM_END else {
                    throw file.fault("the compressed data are damaged or cut off", at: position)
                }
                let isMember = windowBits > 0 && stream.avail_in > 0 && stream.next_in.pointee == 0x1f
                if status == Z_STREAM_END, isMember { status = inflateReset(&stream) }
            } while status != Z_STREAM_END
        }
        return contents
    }
}
