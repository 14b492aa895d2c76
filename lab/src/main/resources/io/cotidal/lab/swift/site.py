"""Runs the processes of one Swift site.

Swift's modules take longer to import than a server takes to start, so they are imported once, and
each server and each pass of a daemon is a fork of this process. What runs in the fork is what
Debian's programs swift-NAME-server and swift-NAME run.

Commands come on standard input, a line each, the words parted by tabs; each is answered by a line
"ok VALUE" or "failed REASON". When standard input ends, so does every process of the site.

    serve NAME FILE LOG         starts a server; its process id
    once NAME FILE LOG          runs one pass of a daemon; its exit code
    fill FOLDER ACCOUNT CONTAINER PREFIX FIRST COUNT START LOG
                                writes rows into a container's database; how many it has then
"""

import gc
import hashlib
import importlib
import os
import signal
import sys
import traceback

SERVERS = {
    'account': 'swift.account.server',
    'container': 'swift.container.server',
    'object': 'swift.obj.server',
    'proxy': 'swift.proxy.server',
}
DAEMONS = {
    'account-reaper': ('swift.account.reaper', 'AccountReaper'),
    'account-replicator': ('swift.account.replicator', 'AccountReplicator'),
    'container-replicator': ('swift.container.replicator', 'ContainerReplicator'),
    'container-sync': ('swift.container.sync', 'ContainerSync'),
    'container-updater': ('swift.container.updater', 'ContainerUpdater'),
    'object-expirer': ('swift.obj.expirer', 'ObjectExpirer'),
    'object-replicator': ('swift.obj.replicator', 'ObjectReplicator'),
    'object-updater': ('swift.obj.updater', 'ObjectUpdater'),
}
# Those of the pipelines, so that they are there before the first fork.
FILTERS = (
    'account_quotas bulk catch_errors container_quotas container_sync copy dlo etag_quoter'
    ' formpost gatekeeper healthcheck listing_formats memcache proxy_logging ratelimit recon slo'
    ' staticweb symlink tempauth tempurl versioned_writes.legacy versioned_writes.object_versioning'
    ' s3api.s3api'
).split()

children = set()


def fork(log, work):
    pid = os.fork()
    if pid:
        children.add(pid)
        return pid
    code = 1
    try:
        os.setsid()
        null = os.open(os.devnull, os.O_RDONLY)
        out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
        os.dup2(null, 0)
        os.dup2(out, 1)
        os.dup2(out, 2)
        code = work() or 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
        if code:
            print(end, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def serve(name, file, log):
    module = importlib.import_module(SERVERS[name])
    extra = {}
    if hasattr(module, 'global_conf_callback'):
        extra['global_conf_callback'] = module.global_conf_callback

    def work():
        from swift.common.wsgi import run_wsgi
        return run_wsgi(file, name + '-server', verbose=True, **extra)
    return fork(log, work)


def once(name, file, log):
    module, daemon = DAEMONS[name]
    kind = getattr(importlib.import_module(module), daemon)

    def work():
        from swift.common.daemon import run_daemon
        run_daemon(kind, file, section_name=name, once=True, verbose=True)
    pid = fork(log, work)
    _, status = os.waitpid(pid, 0)
    children.discard(pid)
    return os.waitstatus_to_exitcode(status)


def fill(folder, account, container, prefix, first, count, start, log):
    inward, outward = os.pipe()
    pid = fork(log, lambda: os.write(outward, str(
        filled(folder, account, container, prefix, int(first), int(count), float(start))
    ).encode()) and 0)
    os.close(outward)
    said = os.read(inward, 100).decode()
    os.close(inward)
    os.waitpid(pid, 0)
    children.discard(pid)
    if not said:
        raise IOError('see ' + log)
    return said


def filled(folder, account, container, prefix, first, count, start):
    from swift.common.utils import Timestamp, hash_path, storage_directory
    from swift.container.backend import ContainerBroker
    name = hash_path(account, container)
    for part in os.listdir(os.path.join(folder, 'containers')):
        file = os.path.join(folder, storage_directory('containers', part, name), name + '.db')
        if os.path.exists(file):
            break
    else:
        raise IOError('no container %s/%s here' % (account, container))
    broker = ContainerBroker(file, account=account, container=container)
    policy = broker.storage_policy_index
    rows = []
    for number in range(first, first + count):
        key = '%s%09d' % (prefix, number)
        rows.append({
            'name': key,
            'created_at': Timestamp(start + number / 1000.0).internal,
            'size': number % 4096,
            'content_type': 'application/octet-stream',
            'etag': hashlib.md5(key.encode()).hexdigest(),
            'deleted': 0,
            'storage_policy_index': policy,
        })
        if len(rows) == 20000:
            broker.merge_items(rows)
            rows = []
    if rows:
        broker.merge_items(rows)
    return broker.get_info()['object_count']


COMMANDS = {'serve': serve, 'once': once, 'fill': fill}


def reap():
    while children:
        pid, _ = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        children.discard(pid)


def answer(text):
    # Past Python's own buffers, of which a fork would write a copy.
    os.write(1, (text + '\n').encode())


def prepare(etc):
    # Nothing is looked up: all addresses are numbers.
    os.environ['EVENTLET_NO_GREENDNS'] = 'yes'
    gc.disable()
    from swift.common import utils
    # Swift does this in each server, and it takes longer than all the rest, because it collects
    # garbage for each lock that it finds. There is none to collect.
    collect, gc.collect = gc.collect, lambda: 0
    utils.eventlet_monkey_patch()
    gc.collect = collect
    # Before other modules read it: each site has a swift.conf of its own.
    utils.SWIFT_CONF_FILE = os.path.join(etc, 'swift.conf')
    utils.validate_configuration()
    for module in SERVERS.values():
        importlib.import_module(module)
    for module in FILTERS:
        importlib.import_module('swift.common.middleware.' + module)
    for module, _ in DAEMONS.values():
        importlib.import_module(module)
    importlib.import_module('swift.common.wsgi')
    # What is frozen no collection looks through, so the forks share its memory.
    gc.freeze()
    gc.enable()


def main():
    prepare(sys.argv[1])
    try:
        for line in sys.stdin:
            try:
                reap()
                words = line.rstrip('\n').split('\t')
                answer('ok %s' % COMMANDS[words[0]](*words[1:]))
            except Exception as problem:
                answer('failed %s' % ' '.join(repr(problem).split()))
    finally:
        for child in children:
            try:
                os.kill(child, signal.SIGKILL)
            except ProcessLookupError:
                pass


main()
