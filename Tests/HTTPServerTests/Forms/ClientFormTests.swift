import Testing

@testable import HTTPServer

struct ClientFormTests {
    @Test(arguments: ClientForm.captured + ClientForm.described) func `What clients send is read, wherever it is cut`(
        form: ClientForm
    ) throws {
        let boundary = try FormBoundary(form.contentType)
        let title = FormContents.Part(name: "title", content: Array("a swift".utf8), isWhole: true)
        let file = FormContents.Part(
            name: "file", fileName: form.fileName, content: ClientForm.picture, isWhole: true)
        let expected = FormContents(parts: form.hasTitle ? [title, file] : [file])
        #expect(FormContents(boundary, form.body) == expected)
        #expect(FormContents(boundary, form.body, cuts: 0..<form.body.count) == expected)
        for cut in 0...form.body.count {
            guard FormContents(boundary, form.body, cuts: [cut]) == expected else {
                Issue.record("cut at \(cut)")
                return
            }
        }
    }

    @Test(arguments: ClientForm.captured + ClientForm.described) func `No beginning of what clients send is a form`(
        form: ClientForm
    ) throws {
        let boundary = try FormBoundary(form.contentType)
        let closing = Array("--\(boundary.text)--".utf8)
        let end = (0...form.body.count).last { form.body[..<$0].suffix(closing.count) == closing[...] }
        for count in 0..<(try #require(end)) {
            guard FormContents(boundary, Array(form.body[..<count])).fault != nil else {
                Issue.record("the first \(count) bytes are a form")
                return
            }
        }
    }
}
