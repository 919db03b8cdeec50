extension ClientForm {
    /// Bodies that were taken from the wire.
    static let captured = [
        ClientForm(
            "curl 7.88", "multipart/form-data; boundary=------------------------0bbb2aa557cf11cf",
            """
            --------------------------0bbb2aa557cf11cf
            Content-Disposition: form-data; name="title"

            a swift
            --------------------------0bbb2aa557cf11cf
            Content-Disposition: form-data; name="file"; filename="swift.png"
            Content-Type: image/png

            %PNG
            --------------------------0bbb2aa557cf11cf--

            """),
        ClientForm(
            "curl 7.88, odd name", "multipart/form-data; boundary=------------------------85d47e3e060ef007",
            fileName: #"a"b;name=x.png"#,
            """
            --------------------------85d47e3e060ef007
            Content-Disposition: form-data; name="file"; filename="a%22b;name=x.png"
            Content-Type: image/png

            %PNG
            --------------------------85d47e3e060ef007--

            """),
        ClientForm(
            "requests 2.34", "multipart/form-data; boundary=b042ced61ca3fe1449159d360a9b6b5f", fileName: "naïve.png",
            """
            --b042ced61ca3fe1449159d360a9b6b5f
            Content-Disposition: form-data; name="title"

            a swift
            --b042ced61ca3fe1449159d360a9b6b5f
            Content-Disposition: form-data; name="file"; filename="naïve.png"
            Content-Type: image/png

            %PNG
            --b042ced61ca3fe1449159d360a9b6b5f--

            """),
        ClientForm(
            "aiohttp 3.14", "multipart/form-data; boundary=8b1317099b9e4421bed6c2405ffa7230",
            fileName: "na%C3%AFve%20x.png",
            """
            --8b1317099b9e4421bed6c2405ffa7230
            Content-Type: text/plain; charset=utf-8
            Content-Disposition: form-data; name="title"

            a swift
            --8b1317099b9e4421bed6c2405ffa7230
            Content-Type: image/png
            Content-Disposition: form-data; name="file"; filename="na%C3%AFve%20x.png"

            %PNG
            --8b1317099b9e4421bed6c2405ffa7230--

            """),
        ClientForm(
            "httpx 0.28", "multipart/form-data; boundary=ddc6105c96501350f805101e5eb09f11", fileName: #"naïve "x".png"#,
            """
            --ddc6105c96501350f805101e5eb09f11
            Content-Disposition: form-data; name="title"

            a swift
            --ddc6105c96501350f805101e5eb09f11
            Content-Disposition: form-data; name="file"; filename="naïve %22x%22.png"
            Content-Type: image/png

            %PNG
            --ddc6105c96501350f805101e5eb09f11--

            """),
        ClientForm(
            "Node 20, fetch", "multipart/form-data; boundary=----formdata-undici-071506508421",
            fileName: #"naïve "x".png"#,
            """
            ------formdata-undici-071506508421
            Content-Disposition: form-data; name="title"

            a swift
            ------formdata-undici-071506508421
            Content-Disposition: form-data; name="file"; filename="naïve %22x%22.png"
            Content-Type: image/png

            %PNG
            ------formdata-undici-071506508421--

            """),
    ]
}
