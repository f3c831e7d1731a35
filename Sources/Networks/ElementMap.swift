/// An operator of one tensor that maps each element by itself, whatever its place.
public protocol ElementMap: Operator {}
