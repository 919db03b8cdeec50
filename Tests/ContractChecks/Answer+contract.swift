extension Answer {
    /// What every answer must keep to, whatever was asked; empty if it does.
    ///
    /// - Parameter isHead: whether HEAD was asked, so that there is no body.
    public func faults(isHead: Bool = false) -> [String] {
        var faults: [String] = []
        if position == nil { faults.append("there is no Martlet-Position") }
        if status >= 500, status != 503 { faults.append("the status is \(status)") }
        if status == 405, self["Allow"]?.isEmpty ?? true { faults.append("405 without Allow") }
        if status == 429 || status == 503, (Int(self["Retry-After"] ?? "") ?? 0) < 1 {
            faults.append("\(status) without Retry-After")
        }
        let isJSON = self["Content-Type"] == "application/json"
        if status >= 400, !isJSON { faults.append("an error that is no JSON: \(self["Content-Type"] ?? "nothing")") }
        // A body that is compressed is not looked into.
        guard !isHead, isJSON, self["Content-Encoding"] == nil else { return faults }
        guard let json else { return faults + ["the body is no JSON: \(text.prefix(200))"] }
        if status >= 400 {
            faults += Shape.error.faults(of: json)
            if json["error_message"]?.string?.isEmpty ?? true { faults.append("the error has no message") }
            if json["error_type"]?.string?.wholeMatch(of: /[a-z][a-z_]*/) == nil {
                faults.append("the error's type is no word")
            }
        } else if json["openapi"] == nil, json["result"] != .boolean(true) {
            faults.append("result is not true")
        }
        return faults
    }
}
