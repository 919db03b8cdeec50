extension ClientForm {
    /// Bodies that were written after what is known of their clients.
    static let described = [
        ClientForm(
            "curl before 7.81, odd name", "multipart/form-data; boundary=------------------------85d47e3e060ef007",
            fileName: #"a"b;name=x.png"#,
            #"""
            --------------------------85d47e3e060ef007
            Content-Disposition: form-data; name="file"; filename="a\"b;name=x.png"
            Content-Type: image/png

            %PNG
            --------------------------85d47e3e060ef007--

            """#),
        ClientForm(
            "Chrome and Safari", "multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW",
            fileName: "naïve.png",
            """
            ------WebKitFormBoundary7MA4YWxkTrZu0gW
            Content-Disposition: form-data; name="title"

            a swift
            ------WebKitFormBoundary7MA4YWxkTrZu0gW
            Content-Disposition: form-data; name="file"; filename="naïve.png"
            Content-Type: image/png

            %PNG
            ------WebKitFormBoundary7MA4YWxkTrZu0gW--

            """),
        ClientForm(
            "Firefox", "multipart/form-data; boundary=---------------------------9051914041544843365972754266",
            """
            -----------------------------9051914041544843365972754266
            Content-Disposition: form-data; name="title"

            a swift
            -----------------------------9051914041544843365972754266
            Content-Disposition: form-data; name="file"; filename="swift.png"
            Content-Type: image/png

            %PNG
            -----------------------------9051914041544843365972754266--

            """),
        ClientForm(
            "requests with urllib3 before 1.25", "multipart/form-data; boundary=b042ced61ca3fe1449159d360a9b6b5f",
            fileName: "naïve.png",
            """
            --b042ced61ca3fe1449159d360a9b6b5f
            Content-Disposition: form-data; name="file"; filename*=utf-8''na%C3%AFve.png

            %PNG
            --b042ced61ca3fe1449159d360a9b6b5f--

            """),
        ClientForm(
            "Go, mime/multipart",
            "multipart/form-data; boundary=5a0ee4ba2b8d1b4fcd6ba5b2e9ab3b5e0ab45b9c2c25b7d1e2c4d0a6f9f1",
            fileName: #"a"b\.png"#,
            #"""
            --5a0ee4ba2b8d1b4fcd6ba5b2e9ab3b5e0ab45b9c2c25b7d1e2c4d0a6f9f1
            Content-Disposition: form-data; name="title"

            a swift
            --5a0ee4ba2b8d1b4fcd6ba5b2e9ab3b5e0ab45b9c2c25b7d1e2c4d0a6f9f1
            Content-Disposition: form-data; name="file"; filename="a\"b\\.png"
            Content-Type: application/octet-stream

            %PNG
            --5a0ee4ba2b8d1b4fcd6ba5b2e9ab3b5e0ab45b9c2c25b7d1e2c4d0a6f9f1--

            """#),
        ClientForm(
            "okhttp", "multipart/form-data; boundary=3d4b1d43-6a43-4a4c-9a10-3a5f4a8a2a0e",
            """
            --3d4b1d43-6a43-4a4c-9a10-3a5f4a8a2a0e
            Content-Disposition: form-data; name="title"
            Content-Length: 7

            a swift
            --3d4b1d43-6a43-4a4c-9a10-3a5f4a8a2a0e
            Content-Disposition: form-data; name="file"; filename="swift.png"
            Content-Type: image/png
            Content-Length: 8

            %PNG
            --3d4b1d43-6a43-4a4c-9a10-3a5f4a8a2a0e--

            """),
        ClientForm(
            "Apache HttpClient 4", "multipart/form-data; boundary=lCkPbQx8-2pGd_qV3Ue5yZ0t; charset=UTF-8",
            """
            --lCkPbQx8-2pGd_qV3Ue5yZ0t
            Content-Disposition: form-data; name="title"
            Content-Type: text/plain; charset=ISO-8859-1
            Content-Transfer-Encoding: 8bit

            a swift
            --lCkPbQx8-2pGd_qV3Ue5yZ0t
            Content-Disposition: form-data; name="file"; filename="swift.png"
            Content-Type: image/png
            Content-Transfer-Encoding: binary

            %PNG
            --lCkPbQx8-2pGd_qV3Ue5yZ0t--

            """),
        ClientForm(
            "Spring", "multipart/form-data;charset=UTF-8;boundary=gIHwGhAjPqmr5vYd5SH1lwXlHsY3yE",
            fileName: "naïve.png",
            """
            --gIHwGhAjPqmr5vYd5SH1lwXlHsY3yE
            Content-Type: text/plain;charset=UTF-8
            Content-Length: 7
            Content-Disposition: form-data; name="title"

            a swift
            --gIHwGhAjPqmr5vYd5SH1lwXlHsY3yE
            Content-Disposition: form-data; name="file"; filename="=?UTF-8?Q?na=C3=AFve.png?="; filename*=UTF-8''na%C3%AFve.png
            Content-Type: image/png
            Content-Length: 8

            %PNG
            --gIHwGhAjPqmr5vYd5SH1lwXlHsY3yE--

            """),
        ClientForm(
            ".NET", "multipart/form-data; boundary=\"3e8ed5b0-9a3f-4d1b-8c7e-2f4a6b8c0d1e\"", fileName: "naïve.png",
            """
            --3e8ed5b0-9a3f-4d1b-8c7e-2f4a6b8c0d1e
            Content-Type: text/plain; charset=utf-8
            Content-Disposition: form-data; name=title

            a swift
            --3e8ed5b0-9a3f-4d1b-8c7e-2f4a6b8c0d1e
            Content-Type: image/png
            Content-Disposition: form-data; name=file; filename="=?utf-8?B?bmHDr3ZlLnBuZw==?="; filename*=utf-8''na%C3%AFve.png

            %PNG
            --3e8ed5b0-9a3f-4d1b-8c7e-2f4a6b8c0d1e--

            """),
        ClientForm(
            "akka-http", "multipart/form-data; boundary=lR7kmnSTqWvMD3OZ9AxA5iNp; charset=UTF-8",
            """

            --lR7kmnSTqWvMD3OZ9AxA5iNp
            Content-Type: text/plain; charset=UTF-8
            Content-Disposition: form-data; name=title

            a swift
            --lR7kmnSTqWvMD3OZ9AxA5iNp
            Content-Type: image/png
            Content-Disposition: form-data; filename=swift.png; name=file

            %PNG
            --lR7kmnSTqWvMD3OZ9AxA5iNp--
            """),
        ClientForm(
            "Dart", "multipart/form-data; boundary=dart-http-boundary-m5DlqYyZkWBW.i5+qOvQIBmn4jkuF9-zTWa-L2GRmx7_Vq",
            """
            --dart-http-boundary-m5DlqYyZkWBW.i5+qOvQIBmn4jkuF9-zTWa-L2GRmx7_Vq
            content-disposition: form-data; name="title"

            a swift
            --dart-http-boundary-m5DlqYyZkWBW.i5+qOvQIBmn4jkuF9-zTWa-L2GRmx7_Vq
            content-type: image/png
            content-disposition: form-data; name="file"; filename="swift.png"

            %PNG
            --dart-http-boundary-m5DlqYyZkWBW.i5+qOvQIBmn4jkuF9-zTWa-L2GRmx7_Vq--

            """),
        ClientForm(
            "Ruby, multipart-post", "multipart/form-data; boundary=-----------RubyMultipartPost-6c7d8a",
            """
            -------------RubyMultipartPost-6c7d8a
            Content-Disposition: form-data; name="title"

            a swift
            -------------RubyMultipartPost-6c7d8a
            Content-Disposition: form-data; name="file"; filename="swift.png"
            Content-Length: 8
            Content-Type: image/png
            Content-Transfer-Encoding: binary

            %PNG
            -------------RubyMultipartPost-6c7d8a--


            """),
    ]
}
