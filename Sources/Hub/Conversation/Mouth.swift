/// How a text came to be: what is spoken can be overheard, misheard and played back, and agrees to nothing by itself.
public enum Mouth: String, Sendable, Hashable {
    case written, spoken
}
