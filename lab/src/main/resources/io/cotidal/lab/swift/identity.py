"""Runs one Keystone: its administration, and its public interface over HTTP.

Keystone's modules take seconds to import, so they are imported once; what Debian's program
keystone-manage does, it does in forks of this process. The interface is served by one thread of this
process, one request after the other, as what Keystone reads of SQLite belongs to the thread that
read it; each request is a line in the log.

Commands come on standard input, a line each, the words parted by tabs; each is answered by a line
"ok VALUE" or "failed REASON". When standard input ends, so does this process.

    take FOLDER OTHER           begins with what the database of another one's folder holds
    make FOLDER URL PASSWORD    database, keys, and an administrator with that password
    serve FOLDER PORT           begins to answer on 127.0.0.1
    expire SECONDS              so long the tokens last that are given from now on
"""

import os
import socketserver
import sqlite3
import sys
import threading
import traceback
import wsgiref.simple_server

import keystone.conf
from keystone.cmd import cli
from keystone.server.flask import core


class Server(wsgiref.simple_server.WSGIServer):
    request_queue_size = 128

    def server_bind(self):
        # Without asking for the name of the address.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]
        self.setup_environ()


class Handler(wsgiref.simple_server.WSGIRequestHandler):
    # Who connects and says nothing keeps others waiting only so many seconds.
    timeout = 10


def settings(folder):
    return os.path.join(folder, 'keystone.conf')


def manage(folder, *words, **environment):
    pid = os.fork()
    if pid:
        _, status = os.waitpid(pid, 0)
        if os.waitstatus_to_exitcode(status):
            raise IOError('keystone-manage %s failed' % words[0])
        return
    code = 1
    try:
        os.environ.update(environment)
        # Standard output is where commands are answered.
        os.dup2(2, 1)
        code = cli.main(['keystone-manage', '--config-file', settings(folder)] + list(words)) or 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def database(folder):
    return os.path.join(folder, 'keystone.db')


def take(folder, other):
    with sqlite3.connect(database(other)) as source, sqlite3.connect(database(folder)) as target:
        source.backup(target)
    return other


def make(folder, url, password):
    if not os.path.exists(database(folder)):
        manage(folder, 'db_sync')
    # Who reads keeps nobody from writing.
    sqlite3.connect(database(folder)).execute('PRAGMA journal_mode=WAL')
    manage(folder, 'fernet_setup')
    manage(folder, 'credential_setup')
    manage(
        folder, 'bootstrap',
        '--bootstrap-public-url', url,
        '--bootstrap-internal-url', url,
        '--bootstrap-admin-url', url,
        '--bootstrap-region-id', 'lab',
        OS_BOOTSTRAP_PASSWORD=password)
    return url


def serve(folder, port):
    application = core.initialize_application('public', config_files=[settings(folder)])
    server = wsgiref.simple_server.make_server(
        '127.0.0.1', int(port), application, Server, Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return port


def expire(seconds):
    keystone.conf.CONF.set_override('expiration', int(seconds), group='token')
    return seconds


COMMANDS = {'take': take, 'make': make, 'serve': serve, 'expire': expire}


def answer(text):
    # Past Python's own buffers, of which a fork would write a copy.
    os.write(answers, (text + '\n').encode())


# Keystone itself has nothing to say there.
answers = os.dup(1)
os.dup2(2, 1)
del sys.argv[1:]
for line in sys.stdin:
    try:
        words = line.rstrip('\n').split('\t')
        answer('ok %s' % COMMANDS[words[0]](*words[1:]))
    except Exception as problem:
        traceback.print_exc()
        answer('failed %s' % ' '.join(repr(problem).split()))
