extension Limits {
    /// - Throws: `textBlank` or `textTooLong`.
    func check(text: String) throws(Rejection) {
        guard !text.isBlank else { throw .textBlank }
        // No text has more scalars than bytes, and bytes need no counting.
        guard text.utf8.count > textLength else { return }
        let length = text.unicodeScalars.count
        guard length <= textLength else { throw .textTooLong(length: length, limit: textLength) }
    }

    /// - Throws: `tooManyMedia` or `duplicateMedia`.
    func check(media: [MediaID]) throws(Rejection) {
        try check(mediaCount: media.count)
        for (index, id) in media.enumerated() where media[..<index].contains(id) { throw .duplicateMedia(id) }
    }

    /// - Throws: `tooManyMedia`.
    func check(mediaCount: Int) throws(Rejection) {
        guard mediaCount <= mediaPerPost else { throw .tooManyMedia(count: mediaCount, limit: mediaPerPost) }
    }
}
