import BigInt
import JSON
import Testing

@testable import Rego

@Suite struct ValueTests {
    @Test func layoutStaysSmall() {
        #expect(MemoryLayout<RegoValue?>.stride == 16)
    }

    @Test func typesAreOrderedAsInOPA() {
        let ascending: [RegoValue] = [
            .null, false, true, -1, 2, "a", "b", [], [1], [1, 0], [2], [:], ["a": 1], .set([]), .set([1]),
        ]
        #expect(ascending.shuffled().sorted() == ascending)
    }

    @Test func numbersAreEqualByWhatTheyDenote() throws {
        let spellings = ["100", "1e2", "100.0", "1000e-1", "100.000"]
        let numbers = try spellings.map { try #require(RegoNumber(spelling: $0)) }
        for (number, spelling) in zip(numbers, spellings) {
            #expect(number == numbers[0])
            #expect(number.fingerprint == numbers[0].fingerprint)
            #expect(number.spelling == spelling)
            #expect(number.int == 100)
        }
        #expect(RegoNumber(spelling: "-0") == 0)
    }

    @Test func largeNumbersAreComparedExactly() throws {
        let large = try #require(RegoNumber(spelling: "9007199254740993"))
        let larger = try #require(RegoNumber(spelling: "9007199254740993.00000000001"))
        #expect(large < larger)
        #expect(try #require(RegoNumber(spelling: "1e400")) < #require(RegoNumber(spelling: "1.1e400")))
        #expect(try #require(RegoNumber(spelling: "-1e400")) < #require(RegoNumber(spelling: "-1e399")))
        #expect(RegoNumber(BigInt(10).power(30)).spelling == "1000000000000000000000000000000")
        #expect(RegoNumber(significand: 125, exponent: -2).spelling == "1.25")
        #expect(RegoNumber(significand: -5, exponent: -3).spelling == "-0.005")
    }

    @Test func textsAreComparedByBytes() {
        #expect(RegoValue("é") != RegoValue("e\u{301}"))
        #expect(RegoValue("\u{FFFF}") < RegoValue("\u{10000}"))
    }

    @Test func objectsFindManyKeysAndIterateInOrder() {
        var object = RegoObject()
        let keys = (0..<1000).shuffled()
        for key in keys { object.updateValue(RegoValue(key * 2), forKey: RegoValue("k\(key)")) }
        for key in keys { #expect(object["k\(key)"] == RegoValue(key * 2)) }
        #expect(object["k1000"] == nil)
        #expect(object.map(\.key) == object.map(\.key).sorted())
        let other = RegoObject(object.shuffled().map { ($0.key, $0.value) })
        #expect(object == other && object.fingerprint == other.fingerprint)
    }

    @Test func changingASharedContainerChangesACopy() {
        let set: RegoSet = [3, 1, 2]
        var other = set
        #expect(Array(set) == [1, 2, 3])
        other.insert(0)
        #expect(set.count == 3 && Array(other) == [0, 1, 2, 3])
        let object: RegoObject = ["a": 1]
        var changed = object
        #expect(changed.updateValue(2, forKey: "a") == 1)
        #expect(object["a"] == 1 && changed["a"] == 2)
        #expect(object != changed)
        #expect(changed.removing("a").isEmpty)
    }

    @Test func jsonRoundTrips() throws {
        let text = #"{"a":[1,1.0,1e3,"é",null,true],"b":{"c":{}},"n":123456789012345678901234567890}"#
        let value = try RegoValue(parsing: Array(text.utf8))
        #expect(value.json.text() == text)
        #expect(RegoValue(value.json) == value)
        let keyed: RegoValue = .object([1: .set(["b", "a"])])
        #expect(keyed.json.text() == #"{"1":["a","b"]}"#)
        #expect(keyed.description == #"{1: {"a", "b"}}"#)
        #expect(RegoValue.set([]).description == "set()")
    }

    @Test func valuesThatShareThemselvesHaveACappedSize() {
        var value: RegoValue = [1]
        for _ in 0..<200 { value = [value, value] }
        #expect(value.size == Size.greatest)
        #expect(value.depth == 201)
    }
}
