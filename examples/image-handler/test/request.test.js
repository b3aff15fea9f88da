"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const answer_1 = require("../src/answer");
const errors_1 = require("../src/errors");
const event_1 = require("../src/event");
const request_1 = require("../src/request/request");
const signature_1 = require("../src/request/signature");
const settings_1 = require("../src/settings");
const world_1 = require("./world");
const settings = (0, settings_1.settingsFrom)({ SOURCE_BUCKETS: "first, second" });
const read = (path, more = {}) => (0, request_1.readRequest)((0, event_1.toHttpRequest)({ path }), { ...settings, ...more });
test("a JSON request has its bucket, key and edits; the first bucket is meant without one", () => {
    expect(read((0, world_1.base64)({ key: "a.jpg", edits: { flip: true }, outputFormat: "png", headers: { "X-A": "b" } }))).toEqual({
        bucket: "first", key: "a.jpg", edits: { flip: true }, outputFormat: "png", effort: undefined, headers: { "X-A": "b" }
    });
    expect(read((0, world_1.base64)({ bucket: "second", key: "a.jpg" })).bucket).toBe("second");
});
test.each([
    ["/a/b.jpg", "a/b.jpg", {}],
    ["/300x200/a.jpg", "a.jpg", { resize: { width: 300, height: 200, fit: "cover" } }],
    ["/300x0/a.jpg", "a.jpg", { resize: { width: 300, height: null, fit: "cover" } }],
    ["/-300x-200/a.jpg", "a.jpg", { resize: { width: 300, height: 200, fit: "cover" }, flop: true, flip: true }],
    ["/unsafe/fit-in/300x200/a.jpg", "a.jpg", { resize: { width: 300, height: 200, fit: "inside" } }],
    ["/filters:blur(7):rotate(90)/a.jpg", "a.jpg", { blur: 3.5, rotate: 90 }],
    ["/filters:quality(40)/a.jpg", "a.jpg", { jpeg: { quality: 40 } }],
    ["/filters:format(webp):quality(40)/a.jpg", "a.jpg", { webp: { quality: 40 } }],
    ["/filters:rgb(100,0,50)/a.jpg", "a.jpg", { tint: { r: 255, g: 0, b: 127.5 } }],
    ["/filters:convolution(1;2;1;2;4;2;1;2;1,3,false)/a.png", "a.png", { convolve: { width: 3, height: 3, kernel: [1, 2, 1, 2, 4, 2, 1, 2, 1] } }],
    ["/200x200/filters:fill(ff0000)/a.png", "a.png", { resize: { width: 200, height: 200, background: "#ff0000", fit: "contain" } }],
    ["/filters:watermark(second,marks/m.png,-10,20p,50,25)/a.png", "a.png", {
            overlayWith: { bucket: "second", key: "marks/m.png", alpha: "50", wRatio: "25", options: { left: "-10", top: "20p" } }
        }],
    ["/filters:smart_crop(1,20):roundCrop()/a.png", "a.png", { smartCrop: { faceIndex: 1, padding: 20 }, roundCrop: true }],
    ["/200x100/filters:proportion(0.5)/a.png", "a.png", { resize: { width: 100, height: 50, fit: "cover" } }],
    ["/filters:strip_exif()/a.png", "a.png", { rotate: null }],
    ["/filters:unheard_of(3)/a.png", "a.png", {}]
])("%s", (path, key, edits) => {
    expect(read(path)).toMatchObject({ key, edits });
    expect(Object.keys(read(path).edits)).toEqual(Object.keys(edits));
});
test("a path of the user's own grammar is rewritten", () => {
    const rewrite = (0, settings_1.settingsFrom)({ SOURCE_BUCKETS: "a", REWRITE_MATCH_PATTERN: "/^\\/thumb\\//g", REWRITE_SUBSTITUTION: "/fit-in/100x100/" }).rewrite;
    expect(read("/thumb/x.jpg", { rewrite })).toMatchObject({ key: "x.jpg", edits: { resize: { width: 100, fit: "inside" } } });
});
test.each([
    [(0, world_1.base64)({ key: 5 }), "DecodeRequest::CannotReadRequest"],
    [(0, world_1.base64)({ key: "a.jpg", edits: [1] }), "DecodeRequest::CannotReadRequest"],
    [(0, world_1.base64)({ key: "a.jpg", outputFormat: "exe" }), "RequestTypeError"],
    [(0, world_1.base64)({ key: "a.jpg", effort: 7 }), "RequestTypeError"],
    ["/filters:blur(soft)/a.jpg", "RequestTypeError"],
    ["/s3:third/a.jpg", "ImageBucket::CannotAccessBucket"],
    ["/fit-in/10x10/", "ImageEdits::CannotFindImage"]
])("%s is refused", (path, code) => {
    expect(() => read(path)).toThrow(expect.objectContaining({ code }));
});
describe("signatures", () => {
    const http = (0, event_1.toHttpRequest)({ path: "/a.jpg", queryStringParameters: { b: "2", a: "1" } });
    test("the right one is taken, whatever the order of the parameters", () => {
        const signature = (0, signature_1.sign)((0, event_1.toHttpRequest)({ path: "/a.jpg", queryStringParameters: { a: "1", b: "2" } }), "secret");
        expect(signature).toMatch(/^[0-9a-f]{64}$/);
        expect(() => (0, signature_1.checkSignature)({ ...http, query: { ...http.query, signature } }, "secret")).not.toThrow();
    });
    test("none, another and one of another length are refused", () => {
        expect(() => (0, signature_1.checkSignature)(http, "secret")).toThrow(expect.objectContaining({ status: 400, code: "AuthorizationQueryParametersError" }));
        for (const signature of [(0, signature_1.sign)(http, "other"), "short"]) {
            expect(() => (0, signature_1.checkSignature)({ ...http, query: { ...http.query, signature } }, "secret"))
                .toThrow(expect.objectContaining({ status: 403, code: "SignatureDoesNotMatch" }));
        }
    });
});
describe("answers", () => {
    const http = (0, event_1.toHttpRequest)({ path: "/" });
    const picture = { bytes: Buffer.from("x"), contentType: "image/png" };
    test("headers of the request are set but for those that steer connections, caches and browsers", () => {
        const headers = { "X-Custom": "yes", "Cache-Control": "max-age=5", "Set-Cookie": "a=b", "x-amz-meta": "1", "Access-Control-Allow-Origin": "*", "Bad\nName": "x", "X-Split": "a\r\nb: c" };
        const answer = (0, answer_1.pictureAnswer)(http, { ...settings, corsOrigin: "https://example.com" }, { ...picture, headers });
        expect(answer.headers).toEqual({
            "Access-Control-Allow-Methods": "GET",
            "Access-Control-Allow-Headers": "Content-Type, Authorization",
            "Access-Control-Allow-Credentials": "true",
            "Access-Control-Allow-Origin": "https://example.com",
            "Cache-Control": "max-age=5",
            "Content-Type": "image/png",
            "X-Custom": "yes"
        });
    });
    test("a time from which on caches forget", () => {
        const at = (expires) => (0, answer_1.pictureAnswer)({ ...http, query: { expires } }, settings, picture);
        expect(at("20991231T235959Z").headers.Expires).toBe("Thu, 31 Dec 2099 23:59:59 GMT");
        expect(() => at("20010101T000000Z")).toThrow(expect.objectContaining({ code: "ImageRequestExpired" }));
        expect(() => at("soon")).toThrow(expect.objectContaining({ code: "ImageRequestExpiryFormat" }));
    });
    test("errors are JSON", () => {
        const answer = (0, answer_1.errorAnswer)(http, settings, new errors_1.RequestError(404, "NoSuchKey", "There is no such picture."));
        expect(JSON.parse(answer.body)).toEqual({ status: 404, code: "NoSuchKey", message: "There is no such picture." });
        expect(answer).toMatchObject({ statusCode: 404, isBase64Encoded: false, headers: { "Content-Type": "application/json" } });
    });
});
