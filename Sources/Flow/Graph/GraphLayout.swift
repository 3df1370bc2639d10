/// Where the boxes of a graph stand: in layers from top to bottom, each below all that it waits for, in an order that
/// crosses few lines and at places that keep them short. Lines that pass a layer have a place in it.
struct GraphLayout {
    struct Point: Hashable {
        var x: Double
        var y: Double
    }

    /// A box, or where a line passes a layer.
    private struct Item {
        var width: Double
        var above: [Int] = []
        var below: [Int] = []
        var layer: Int
        var x = 0.0
    }

    static let gap = 28.0
    static let margin = 16.0
    /// Beyond, lines go straight.
    private static let mostPassings = 4000
    private static let sweeps = 12

    private var items: [Item]
    private var layers: [[Int]] = []
    private let count: Int
    /// For each line the items that it leads along, boxes at both ends.
    private(set) var lines: [[Int]] = []
    private let height: Double
    private let distance: Double

    /// - Parameters:
    ///   - widths: of the boxes, in pixels.
    ///   - height: of all of them.
    ///   - distance: from one layer to the next.
    init(needs: [[Int]], widths: [Double], height: Double, distance: Double) {
        (count, self.height, self.distance) = (needs.count, height, distance)
        items = []
        for (index, needs) in needs.enumerated() {
            let layer = (needs.map { items[$0].layer }.max() ?? -1) + 1
            items.append(Item(width: widths[index], layer: layer))
        }
        connect(needs)
        layers = Array(repeating: [], count: (items.map(\.layer).max() ?? -1) + 1)
        for index in items.indices { layers[items[index].layer].append(index) }
        for sweep in 0..<Self.sweeps { order(downwards: sweep.isMultiple(of: 2)) }
        place()
    }

    var size: (width: Double, height: Double) {
        let right = items.map { $0.x + $0.width / 2 }.max() ?? 0
        let rows = Double(layers.count)
        return (right + Self.margin, Self.margin * 2 + rows * height + max(0, rows - 1) * distance)
    }

    /// The middle of a box, or of a passing.
    func center(_ index: Int) -> Point {
        let item = items[index]
        return Point(x: item.x, y: Self.margin + Double(item.layer) * (height + distance) + height / 2)
    }

    func isBox(_ index: Int) -> Bool { index < count }

    private mutating func connect(_ needs: [[Int]]) {
        let spans = needs.enumerated().flatMap { index, needs in needs.map { items[index].layer - items[$0].layer - 1 }
        }
        let passes = spans.reduce(0, +) <= Self.mostPassings
        for (index, needs) in needs.enumerated() {
            for need in needs {
                var line = [need]
                if passes {
                    for layer in (items[need].layer + 1)..<max(items[need].layer + 1, items[index].layer) {
                        items.append(Item(width: 12, layer: layer))
                        line.append(items.count - 1)
                    }
                }
                line.append(index)
                for (upper, lower) in zip(line, line.dropFirst()) {
                    items[upper].below.append(lower)
                    items[lower].above.append(upper)
                }
                lines.append(line)
            }
        }
    }

    /// Each item goes where its neighbours in the layer before stand in the middle.
    private mutating func order(downwards: Bool) {
        for layer in downwards ? Array(layers.indices) : layers.indices.reversed() {
            var places: [Int: Double] = [:]
            for (place, index) in layers[layer].enumerated() { places[index] = Double(place) }
            let other = layer + (downwards ? -1 : 1)
            guard layers.indices.contains(other) else { continue }
            var theirs: [Int: Double] = [:]
            for (place, index) in layers[other].enumerated() { theirs[index] = Double(place) }
            for index in layers[layer] {
                let neighbours = (downwards ? items[index].above : items[index].below).compactMap { theirs[$0] }
                if !neighbours.isEmpty { places[index] = neighbours.reduce(0, +) / Double(neighbours.count) }
            }
            layers[layer] = layers[layer].enumerated().sorted { a, b in
                let (left, right) = (places[a.element] ?? 0, places[b.element] ?? 0)
                return left == right ? a.offset < b.offset : left < right
            }.map(\.element)
        }
    }

    // MARK: Places

    private mutating func place() {
        for layer in layers.indices {
            var right = 0.0
            for index in layers[layer] {
                items[index].x = right + items[index].width / 2
                right += items[index].width + Self.gap
            }
        }
        for sweep in 0..<Self.sweeps {
            let downwards = sweep.isMultiple(of: 2)
            for layer in downwards ? Array(layers.indices) : layers.indices.reversed() {
                settle(layer, towardsAbove: downwards)
            }
        }
        let left = items.map { $0.x - $0.width / 2 }.min() ?? 0
        for index in items.indices { items[index].x += Self.margin - left }
    }

    /// Moves the items of a layer towards the middle of their neighbours, as far as they leave each other room: those
    /// that would overlap are a block, which stands where its members want to on the average.
    private mutating func settle(_ layer: Int, towardsAbove: Bool) {
        struct Block {
            var members: [Int]
            /// Where the first member wants to be, by each member's wish.
            var wishes: [Double]
            var width: Double
            var start: Double { wishes.reduce(0, +) / Double(wishes.count) }
        }
        var blocks: [Block] = []
        for index in layers[layer] {
            let item = items[index]
            let neighbours = towardsAbove ? item.above : item.below
            let all = neighbours.isEmpty ? (towardsAbove ? item.below : item.above) : neighbours
            let wish = all.isEmpty ? item.x : all.reduce(0) { $0 + items[$1].x } / Double(all.count)
            var block = Block(members: [index], wishes: [wish - item.width / 2], width: item.width)
            while let last = blocks.last, last.start + last.width + Self.gap > block.start {
                let offset = last.width + Self.gap
                block = Block(
                    members: last.members + block.members, wishes: last.wishes + block.wishes.map { $0 - offset },
                    width: offset + block.width)
                blocks.removeLast()
            }
            blocks.append(block)
        }
        for block in blocks {
            var left = block.start
            for index in block.members {
                items[index].x = left + items[index].width / 2
                left += items[index].width + Self.gap
            }
        }
    }
}
