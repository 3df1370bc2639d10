import Core

/// Assessments of container images that lie in files.
extension AssessmentRun {
    func assess(_ store: ImageStore, _ path: String, _ started: Timestamp) async throws -> Assessment {
        let (images, failures) = ImageManifest.all(store)
        var tally = Tally()
        for failure in failures { tally.note([], .archive, failure) }
        if let damage = store.damage { tally.note([], .archive, damage) }
        if images.isEmpty { tally.note([], .archive, "no image was found in \(path)") }
        for image in images {
            try Task.checkCancellation()
            var scan = ImageScan(
                store, prefix: images.count > 1 ? image.name : "", scanners: scanners, trees: trees, limits: limits)
            scan.run(image) { show("reading layers", $0) }
            tally.merge(scan.tally, limits: limits)
        }
        let subject = Subject(identity: path, target: path, listing: .image)
        return try await assessment(subject, started, tally, nil, folder: path)
    }
}
