-- Lets wrk send the requests of a file, in order and again from the first: the same file that openloop takes.
--
--     BENCH_REQUESTS=FILE wrk -t1 -c64 -d5s -s replay.lua http://127.0.0.1:8080
--
-- What the requests are (feed pages, profiles, a mixed load, posts, likes, follows) is decided by whoever writes the
-- file: harness/loads.py. Making them beforehand keeps the cost of the sender the same for every load. One thread only,
-- since each thread would send all of them. At the end one line "RESULT {...}" goes to standard output; times in
-- microseconds.

local requests = {}
local place = 0
local thread

function setup(made)
    thread = made
end

function init()
    local path = assert(os.getenv("BENCH_REQUESTS"), "BENCH_REQUESTS names no file")
    local file = assert(io.open(path, "rb"))
    local bytes = file:read("*a")
    file:close()
    local at, count = 1, #bytes
    while at <= count do
        -- kind (1 byte), size (4, little-endian), request
        local a, b, c, d = bytes:byte(at + 1, at + 4)
        local size = a + 256 * (b + 256 * (c + 256 * d))
        requests[#requests + 1] = bytes:sub(at + 5, at + 4 + size)
        at = at + 5 + size
    end
    assert(#requests > 0, "there are no requests in " .. path)
    -- A global, so that done can ask for it: reading the file is no part of the sending.
    began = os.clock()
end

function request()
    place = place % #requests + 1
    return requests[place]
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        'RESULT {"requests":%d,"seconds":%.6f,"bytes":%d,"p50":%d,"p99":%d,"p999":%d,"max":%d,'
            .. '"refused":%d,"lost":%d,"cpu":%.3f}\n',
        summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(50), latency:percentile(99),
        latency:percentile(99.9), latency.max, errors.status,
        errors.connect + errors.read + errors.write + errors.timeout, os.clock() - thread:get("began")))
end
