"""Microsoft Graph and Azure Resource Manager on this machine, over the directory in a file: prints
its port, and ends when standard input does. Lists come in pages; what `refusals` says comes first."""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import directory

path = sys.argv[1]
tokens = {"v1.0": "graph-token-1", "subscriptions": "arm-token-1"}
lock = threading.Lock()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=None, headers=()):
        octets = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(octets)))
        self.end_headers()
        self.wfile.write(octets)

    def handle_call(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        with lock:
            with open(path, encoding="utf-8") as file:
                state = json.load(file)
            try:
                self.carry_out(state, body)
            except directory.Refused as refused:
                self.answer(refused.status, {"error": {"code": refused.code, "message": refused.message}})
            finally:
                with open(path, "w", encoding="utf-8") as file:
                    json.dump(state, file)

    def carry_out(self, state, body):
        token = tokens[self.path.split("/")[1]]
        if self.headers.get("Authorization") != f"Bearer {token}":
            raise directory.Refused(401, "InvalidAuthenticationToken", "Access token is empty.")
        if state["refusals"] and (self.command != "GET" or state["refusals"][0][0] == 429):
            status, headers = state["refusals"].pop(0)
            message = "Insufficient privileges to complete the operation."
            return self.answer(status, {"error": {"code": "Refused", "message": message}}, headers)
        url, _, skip = self.path.partition("&$skiptoken=")
        status, answer = directory.Directory(state).call(self.command, url, body)
        if status == 200 and "value" in answer:
            start = int(skip or 0)
            end = start + state["page"]
            if len(answer["value"]) > end:
                joint = "&" if "?" in url else "?x=1&"
                next_page = f"http://{self.headers['Host']}{url}{joint}$skiptoken={end}"
                answer["@odata.nextLink" if "v1.0" in url else "nextLink"] = next_page
            answer["value"] = answer["value"][start:end]
        return self.answer(status, answer)

    do_GET = do_POST = do_PATCH = do_PUT = handle_call


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
