import JSON
import Testing

struct ValueTests {
    @Test func isMadeOfLiterals() {
        let name = "world"
        let value: JSON = ["a": 1, "b": [true, .null, 1.5, "hello \(name)"], "c": [:], "d": [], "a": 2]
        #expect(value.text() == #"{"a":2,"b":[true,null,1.5,"hello world"],"c":{},"d":[]}"#)
        #expect(JSON(Int64(5)) == 5)
        #expect(JSON("x").string == "x")
        #expect(JSON(true).bool == true)
        #expect(JSON([1]).array?.count == 1)
        #expect(JSON(JSONObject()).object?.isEmpty == true)
    }

    @Test func readsOnlyItsOwnType() {
        let values: [JSON] = [.null, true, 1, "s", [1], ["k": 1]]
        #expect(values.map(\.isNull) == [true, false, false, false, false, false])
        #expect(values.map { $0.bool != nil } == [false, true, false, false, false, false])
        #expect(values.map { $0.number != nil } == [false, false, true, false, false, false])
        #expect(values.map { $0.string != nil } == [false, false, false, true, false, false])
        #expect(values.map { $0.array != nil } == [false, false, false, false, true, false])
        #expect(values.map { $0.object != nil } == [false, false, false, false, false, true])
        #expect(values.map(\.kind) == [.null, .bool, .number, .string, .array, .object])
        #expect(values.map { $0["k"] == 1 } == [false, false, false, false, false, true])
        #expect(values.map { $0[0] == 1 } == [false, false, false, false, true, false])
    }

    @Test func changesInPlace() {
        var value: JSON = ["list": [1, 2]]
        value["list"]?[0] = 5
        value["list"]?[2] = 3
        value["list"]?[9] = 9
        value["new"] = "x"
        value["gone"] = nil
        #expect(value.text() == #"{"list":[5,2,3],"new":"x"}"#)
        value["list"]?[1] = nil
        value["new"] = nil
        #expect(value.text() == #"{"list":[5,3]}"#)
        var scalar: JSON = 1
        scalar["gone"] = nil
        scalar[0] = 2
        #expect(scalar == 1)
        scalar["a"] = 2
        #expect(scalar == ["a": 2])
    }

    @Test func comparesObjectsWhateverTheOrder() {
        let left: JSON = ["a": 1, "b": ["c": 1, "d": 2]]
        let right: JSON = ["b": ["d": 2, "c": 1], "a": 1]
        #expect(left == right)
        #expect(left.hashValue == right.hashValue)
        #expect(left != ["a": 1, "b": ["c": 1]])
        #expect(left != ["a": 1, "c": ["c": 1, "d": 2]])
    }

    @Test(arguments: [3, 8, 9, 200])
    func keepsOrderAndFindsKeysAtAnySize(_ size: Int) {
        var object = JSONObject()
        for number in 0..<size { object["key \(number)"] = JSON(number) }
        #expect(object.keys.elementsEqual((0..<size).map { "key \($0)" }))
        #expect((0..<size).allSatisfy { object["key \($0)"]?.int == $0 })
        #expect(object["none"] == nil)
        object["key 1"] = "changed"
        #expect(object[1].value == "changed")
        for number in stride(from: 0, to: size, by: 2) { #expect(object.removeValue(forKey: "key \(number)") != nil) }
        #expect(object.removeValue(forKey: "key 0") == nil)
        #expect(object.count == size / 2)
        #expect(object["key 1"] == "changed")
        #expect(object.dropFirst().allSatisfy { object[$0.key] == $0.value })
    }

    @Test func writesPretty() throws {
        let value: JSON = ["a": [1, ["b": .null]], "empty": [:], "none": []]
        let expected = """
            {
              "a": [
                1,
                {
                  "b": null
                }
              ],
              "empty": {},
              "none": []
            }
            """
        #expect(value.text(pretty: true) == expected)
        #expect(try JSON.parse(expected) == value)
        #expect(JSON("x").text(pretty: true) == "\"x\"")
    }
}
