extension NetworkFormats {
    /// Every format of this library, one line each.
    public static let standard = NetworkFormats([
        TFLiteReader(),
        ONNXReader(),
    ])
}
