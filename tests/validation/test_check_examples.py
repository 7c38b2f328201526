"""Each check by example: code that it must name, and code that no level may turn away."""

import textwrap

import pytest

from tasks.models import FileEdit, Level, ValidationResult
from tasks.validation.pipeline import CodeValidationPipeline

PIPELINE = CodeValidationPipeline()
FLASK = "from flask import Flask, request, redirect, make_response, send_file\n\napp = Flask(__name__)\n\n\n"


def validate(text: str, before: str = "", path: str = "app/module.py") -> ValidationResult:
    return PIPELINE.validate_change([FileEdit(path=path, before=before, after=textwrap.dedent(text).lstrip("\n"))])


def errors(result: ValidationResult) -> set[tuple[str, str]]:
    return {(issue.level.value, issue.code) for issue in result.issues if issue.severity == "error"}


SECURITY = [
    ("sql-injection", "def f(db, name):\n    db.execute('DELETE FROM t WHERE n = \\'' + name + '\\'')\n"),
    ("sql-injection", "def f(db, name):\n    query = f'SELECT * FROM t WHERE n = {name}'\n    db.execute(query)\n"),
    ("sql-injection", "def f(db, name):\n    db.execute('SELECT a FROM t WHERE n = {}'.format(name))\n"),
    ("command-injection", "import os\n\n\ndef f():\n    os.system('ping ' + input('host: '))\n"),
    ("code-injection", FLASK + "@app.route('/x')\ndef f():\n    return str(eval(request.args['x']))\n"),
    (
        "path-traversal",
        FLASK + "@app.route('/x')\ndef f():\n    name = request.args.get('n')\n    return open('d/' + name).read()\n",
    ),
    ("path-traversal", FLASK + "@app.route('/x/<name>')\ndef f(name):\n    return send_file(f'static/{name}')\n"),
    (
        "request-forgery",
        FLASK + "import requests\n\n\n"
        "@app.route('/x')\n"
        "def f():\n"
        "    return requests.get(request.args['u'], timeout=3).text\n",
    ),
    ("open-redirect", FLASK + "@app.route('/x')\ndef f():\n    return redirect(request.args['next'])\n"),
    ("cross-site-scripting", FLASK + "@app.route('/x')\ndef f():\n    return f'<b>{request.args[\"n\"]}</b>'\n"),
    (
        "regex-injection",
        FLASK + "import re\n\n\n@app.route('/x')\ndef f():\n    return str(re.match(request.args['p'], 'x'))\n",
    ),
    ("tls-not-verified", "import ssl\n\ncontext = ssl.create_default_context()\ncontext.verify_mode = ssl.CERT_NONE\n"),
    ("tls-not-verified", "import httpx\n\n\ndef f(url):\n    return httpx.get(url, verify=False)\n"),
    ("old-tls", "import ssl\n\ncontext = ssl.SSLContext(ssl.PROTOCOL_TLSv1)\n"),
    (
        "unverified-token",
        "import jwt\n\n\ndef f(token):\n    return jwt.decode(token, options={'verify_signature': False})\n",
    ),
    (
        "unverified-token",
        "import jwt\n\n\ndef f(token, key):\n    return jwt.decode(token, key, algorithms=['HS256', 'none'])\n",
    ),
    ("broken-cipher", "from Crypto.Cipher import DES\n\n\ndef f(key):\n    return DES.new(key)\n"),
    ("ecb-mode", "from Crypto.Cipher import AES\n\n\ndef f(key):\n    return AES.new(key, AES.MODE_ECB)\n"),
    (
        "fixed-iv",
        "from Crypto.Cipher import AES\n\nIV = b'0' * 16\n\n\ndef f(key):\n    return AES.new(key, AES.MODE_CBC, IV)\n",
    ),
    ("fixed-key", "import jwt\n\n\ndef f(claims):\n    return jwt.encode(claims, 'shh-it-is-me', algorithm='HS256')\n"),
    (
        "fixed-salt",
        "import hashlib\n\n\ndef f(pw):\n    return hashlib.pbkdf2_hmac('sha256', pw, b'pepper', 600_000)\n",
    ),
    ("few-rounds", "import hashlib\n\n\ndef f(pw, salt):\n    return hashlib.pbkdf2_hmac('sha256', pw, salt, 1000)\n"),
    ("plain-password-hash", "import hashlib\n\n\ndef f(password):\n    return hashlib.sha256(password).hexdigest()\n"),
    ("predictable-secret", "import random\n\n\ndef f():\n    token = random.getrandbits(128)\n    return token\n"),
    ("hard-coded-credential", "API_KEY = 'a8f5f167f44f4964e6c998dee827110c'\n"),
    ("hard-coded-credential", "def f(driver):\n    return driver.connect(user='root', password='toor', host='db')\n"),
    ("hard-coded-credential", "URL = 'postgresql://shop:hunter2@db.internal/shop'\n"),
    ("hard-coded-credential", "KEY = 'AKIAIOSFODNN7QWERTYU'\n"),
    ("hard-coded-credential", "def f(password):\n    return password == 'sesame'\n"),
    ("xml-entities", "from lxml import etree\n\nparser = etree.XMLParser(resolve_entities=True)\n"),
    ("unsafe-deserialization", "import yaml\n\n\ndef f(text):\n    return yaml.load(text, Loader=yaml.Loader)\n"),
    ("unsafe-deserialization", "import numpy as np\n\n\ndef f(path):\n    return np.load(path, allow_pickle=True)\n"),
    ("archive-escape", "import tarfile\n\n\ndef f(path):\n    tarfile.open(path).extractall('out')\n"),
    ("world-writable", "import os\n\n\ndef f(path):\n    os.chmod(path, 0o666)\n"),
    ("gains-root", "import os\n\nos.setuid(0)\n"),
    ("open-cookie", "def f(response, value):\n    response.set_cookie('session', value)\n"),
    (
        "open-cors",
        "from flask_cors import CORS\n\n\ndef f(app):\n    CORS(app, origins='*', supports_credentials=True)\n",
    ),
    ("open-setting", "WTF_CSRF_ENABLED = False\n"),
    (
        "stack-trace-shown",
        FLASK + "import traceback\n\n\n@app.route('/x')\ndef f():\n    return traceback.format_exc()\n",
    ),
    ("slow-regex", "import re\n\nWORDS = re.compile(r'^(\\w+\\s?)+$|(a+)+$')\n"),
    ("B602", "import subprocess\n\n\ndef f(x):\n    subprocess.run(f'ls {x}', shell=True)\n"),
    ("B301", "import pickle\n\n\ndef f(x):\n    return pickle.loads(x)\n"),
    ("B602", "import subprocess\n\n\ndef f(x):\n    subprocess.run(f'ls {x}', shell=True)  # nosec\n"),
]
OTHER = [
    (Level.SYNTAX, "invalid-syntax", "def f(:\n    pass\n"),
    (Level.SYNTAX, "undefined-name", "def f():\n    return missing\n"),
    (Level.SYNTAX, "wrong-arity", "def f(a, b=1):\n    return a + b\n\n\nprint(f(1, 2, 3))\n"),
    (Level.SYNTAX, "wrong-arity", "def f(a, *, key):\n    return a, key\n\n\nprint(f(1))\n"),
    (Level.SYNTAX, "wrong-arity", "class A:\n    def __init__(self, x):\n        self.x = x\n\n\nprint(A())\n"),
    (
        Level.SYNTAX,
        "wrong-arity",
        "class A:\n    def f(self, x):\n        return x\n\n    def g(self):\n        return self.f(1, 2)\n",
    ),
    (Level.SYNTAX, "unreachable-code", "def f(x):\n    return x\n    print(x)\n"),
    (Level.SYNTAX, "F507", "print('%s %s' % (1,))\n"),
    (Level.PERFORMANCE, "quadratic", "def f(xs):\n    return [x for x in xs if xs.count(x) > 1]\n"),
    (
        Level.PERFORMANCE,
        "quadratic",
        "def f(xs):\n"
        "    seen = []\n"
        "    for x in xs:\n"
        "        if x not in seen:\n"
        "            seen.append(x)\n"
        "    return seen\n",
    ),
    (
        Level.PERFORMANCE,
        "quadratic",
        "def f(xs):\n    for a in xs:\n        for b in xs:\n            if a == b:\n                print(a)\n",
    ),
    (
        Level.PERFORMANCE,
        "io-in-loop",
        "def f(cursor, ids):\n    for i in ids:\n        cursor.execute('SELECT a FROM t WHERE i = ?', (i,))\n",
    ),
    (
        Level.PERFORMANCE,
        "io-in-loop",
        "def f(ids):\n    return [User.objects.get(pk=i) for i in ids]\n\n\nclass User:\n    objects = None\n",
    ),
    (Level.PERFORMANCE, "endless-loop", "def f(n):\n    i = 0\n    while i < n:\n        print(i)\n"),
    (Level.PERFORMANCE, "blocking-call-in-async", "import time\n\n\nasync def f():\n    time.sleep(1)\n"),
    (
        Level.BEST_PRACTICES,
        "swallowed-exception",
        "def f(g):\n    try:\n        g()\n    except Exception:\n        pass\n",
    ),
    (Level.BEST_PRACTICES, "placeholder", "def f():\n    # TODO: implement\n    pass\n"),
    (Level.BEST_PRACTICES, "placeholder", "def f(x):\n    return x  # your code here\n"),
    (Level.BEST_PRACTICES, "placeholder", "def f(x):\n    if x:\n        pass  # FIXME\n    return x\n"),
    (Level.BEST_PRACTICES, "debugger-left", "def f(x):\n    breakpoint()\n    return x\n"),
    (
        Level.BEST_PRACTICES,
        "constant-condition",
        "def f(x):\n    if x.ok or True:\n        return x\n    return None\n",
    ),
    (Level.BEST_PRACTICES, "test-detection", "import sys\n\nFAST = 'pytest' in sys.modules\n"),
    (Level.BEST_PRACTICES, "B012", "def f():\n    try:\n        return 1\n    finally:\n        return 2\n"),
]
GOOD = [
    "def f(cursor, name):\n    cursor.execute('SELECT a FROM t WHERE n = ?', (name,))\n    return cursor.fetchall()\n",
    "def f(cursor, names):\n"
    "    marks = ', '.join('?' for _ in names)\n"
    "    return cursor.execute('SELECT a FROM t WHERE n = %s', names), marks\n",
    "import ast\n\n\ndef f(text):\n    return ast.literal_eval(text)\n",
    "import subprocess\n\n\ndef f(folder):\n    return subprocess.run(['ls', folder], check=True, timeout=5)\n",
    "import yaml\n\n\ndef f(text):\n    return yaml.safe_load(text)\n",
    "def f(queue):\n"
    "    while True:\n"
    "        item = queue.get()\n"
    "        if item is None:\n"
    "            break\n"
    "        print(item)\n",
    "def serve(server):\n    while True:\n        server.handle()\n",
    "def f(items):\n    while items:\n        print(items.pop())\n",
    "def f(n):\n    return [(i, j) for i in range(n) for j in range(n)]\n",
    "def f(n):\n    for i in range(n):\n        for j in range(n):\n            print(i, j)\n",
    "def f(todo):\n    take = todo.popleft\n    while todo:\n        take()\n",
    "def f(text):\n"
    "    it = iter(text)\n"
    "    for a in it:\n"
    "        for b in it:\n"
    "            return a, b\n"
    "    return None\n",
    "try:\n    shell = get_ipython()\nexcept NameError:\n    shell = None\n",
    "def f(x):\n    # keeps existing code that calls this working\n    return x\n",
    "def f(node):\n    while node.parent:\n        node = node.parent\n    return node\n",
    "import hashlib\n\n\ndef f(data):\n    return hashlib.md5(data, usedforsecurity=False).hexdigest()\n",
    "import hashlib\n"
    "import os\n\n\n"
    "def f(password):\n"
    "    return hashlib.scrypt(password, salt=os.urandom(16), n=2**14, r=8, p=1)\n",
    "import secrets\n\n\ndef f():\n    token = secrets.token_urlsafe(32)\n    return token\n",
    "import random\n\n\ndef f(items):\n    return random.choice(items)\n",
    "import os\n\n"
    "PASSWORD = os.environ['PASSWORD']\n"
    "TOKEN_URL = 'https://example.com/token'\n"
    "password_field = 'password'\n",
    "PASSWORD_HEADER = 'X-Password'\ntoken = ''\nsecret = None\napi_key = '<your key>'\n",
    "import requests\n\n\ndef f(url):\n    return requests.get(url, timeout=10).json()\n",
    FLASK + "import re\n\n\n"
    "@app.route('/x')\n"
    "def f():\n"
    "    return redirect('/home?n=' + str(int(request.args['n'])))\n",
    FLASK + "from markupsafe import escape\n\n\n"
    "@app.route('/x')\n"
    "def f():\n"
    "    return f'<b>{escape(request.args[\"n\"])}</b>'\n",
    FLASK + "ALLOWED = {'/a', '/b'}\n\n\n"
    "@app.route('/x')\n"
    "def f():\n"
    "    to = request.args['to']\n"
    "    if to not in ALLOWED:\n"
    "        to = '/a'\n"
    "    return redirect(to)\n",
    "import jwt\n\n\ndef f(token, key):\n    return jwt.decode(token, key, algorithms=['HS256'])\n",
    "import tarfile\n\n\n"
    "def f(path):\n"
    "    with tarfile.open(path) as archive:\n"
    "        archive.extractall('out', filter='data')\n",
    "import re\n\nWORD = re.compile(r'^\\w+(\\.\\w+)*$')\n",
    "def f(a, b=1, *rest, key=None, **more):\n"
    "    return a, b, rest, key, more\n\n\n"
    "print(f(1), f(1, 2, 3), f(1, key=2, other=3), f(*[1, 2]))\n",
    "class A:\n"
    "    def f(self, x):\n"
    "        return x\n\n"
    "    def g(self):\n"
    "        self.f = print\n"
    "        return self.f(1, 2)\n",
    "def f(f):\n    return f(1, 2)\n\n\ndef g(x):\n    f = max\n    return f(x, 1)\n",
    "def f():\n    return\n    yield\n",
    "def f(g):\n    try:\n        return g()\n    except KeyError:\n        return None\n",
    "import logging\n\n\n"
    "def f(g):\n"
    "    try:\n"
    "        g()\n"
    "    except Exception:\n"
    "        logging.exception('g failed')\n",
    "from typing import Protocol\n\n\nclass P(Protocol):\n    def f(self) -> int: ...\n",
    "import abc\n\n\nclass B(abc.ABC):\n    @abc.abstractmethod\n    def f(self):\n        raise NotImplementedError\n",
    "class E(Exception):\n    pass\n",
    "def f(matrix):\n    return [x for row in matrix for x in row]\n",
    "def f(xs):\n"
    "    seen = set()\n"
    "    for x in xs:\n"
    "        if x not in seen:\n"
    "            seen.add(x)\n"
    "    return seen\n",
    "import asyncio\n\n\nasync def f():\n    await asyncio.sleep(1)\n",
    "def f(urls, fetch):\n"
    "    for url in urls:\n"
    "        page = fetch(url)\n"
    "        if page:\n"
    "            return page\n"
    "    return None\n",
    "def f(x):\n    # TODO: faster for sorted input\n    return sorted(x)\n",
    "import sys\n\nif sys.version_info >= (3, 12):\n    NEW = True\nelse:\n    NEW = False\n",
]


@pytest.mark.parametrize(("code", "text"), SECURITY)
def test_the_security_level_names(code, text):
    assert ("security", code) in errors(validate(text))


@pytest.mark.parametrize(("level", "code", "text"), OTHER)
def test_the_level_names(level, code, text):
    result = validate(text)
    assert (level.value, code) in errors(result)
    assert not result.levels[level].passed


@pytest.mark.parametrize("text", GOOD)
def test_takes_good_code(text):
    assert errors(validate(text)) == set()


@pytest.mark.parametrize(
    ("path", "good", "bad"),
    [
        ("a.json", '{"a": [1, 2]}\n', '{"a": [1, 2}\n'),
        ("twins.json", '{"a": 1, "b": 2}\n', '{"a": 1, "a": 2}\n'),
        ("a.yaml", "a: !Ref b\n---\nc: [1]\n", "a: [1\n"),
        ("a.toml", 'a = "b"\n', "a = b\n"),
        ("a.sql", "select a, count(*) from t group by a;\n", "select a from where b;\n"),
        ("run.sh", "set -e\nfor x in 1 2; do echo $x; done\n", "for x in 1 2; do echo $x\n"),
        ("tool", "#!/bin/sh\necho a\n", "#!/bin/sh\nif true; then\n"),
        ("Dockerfile", 'ARG V=1\nFROM a:$V\nRUN a && \\\n    b\n# x\nCMD ["c"]\n', "FROM a\nRUM b\n"),
        ("Dockerfile.dev", "FROM a\nRUN <<EOF\nanything goes\nEOF\nUSER b\n", "RUN a\nFROM b\n"),
    ],
)
def test_reads_other_files(path, good, bad):
    assert PIPELINE.validate_change([FileEdit(path=path, before="", after=good)]).issues == ()
    result = PIPELINE.validate_change([FileEdit(path=path, before=good, after=bad)])
    assert not result.levels[Level.SYNTAX].passed


@pytest.mark.parametrize(
    ("path", "good", "bad"),
    [
        ("a.js", "const f = async (x) => { await x; };\n", "function f( { return 1 }\n"),
        ("a.ts", "interface A { b: string }\nconst c: A = { b: 'd' };\n", "interface A { b: \n"),
        ("a.tsx", "export const A = () => <b>c</b>;\n", "export const A = () => <b>c</b;\n"),
        ("a.go", "package a\n\nfunc f() int { return 1 }\n", "package a\n\nfunc f( int { return 1 }\n"),
        ("A.java", "class A { int f() { return 1; } }\n", "class A { int f() { return 1; }\n"),
    ],
)
def test_reads_other_languages(path, good, bad):
    pytest.importorskip("tree_sitter")
    assert PIPELINE.validate_change([FileEdit(path=path, before="", after=good)]).issues == ()
    assert not PIPELINE.validate_change([FileEdit(path=path, before=good, after=bad)]).is_valid


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("requirements.txt", "flask==3.0\n", "flask==3.0\nleft_pad>=1  # new\n"),
        (
            "pyproject.toml",
            '[project]\nname="a"\ndependencies=["flask"]\n',
            '[project]\nname="a"\ndependencies=["flask","b[c]>1"]\n',
        ),
        (
            "pyproject.toml",
            '[tool.poetry.dependencies]\npython="^3"\n',
            '[tool.poetry.dependencies]\npython="^3"\nb="1"\n',
        ),
        ("setup.cfg", "[options]\ninstall_requires =\n    a\n", "[options]\ninstall_requires =\n    a\n    b\n"),
        ("setup.py", "setup(install_requires=['a'])\n", "setup(install_requires=['a', 'b>=2'])\n"),
        ("Pipfile", '[packages]\na = "*"\n', '[packages]\na = "*"\nb = "*"\n'),
    ],
)
def test_calls_out_a_new_dependency(path, before, after):
    result = PIPELINE.validate_change([FileEdit(path=path, before=before, after=after)])
    assert ("security", "dependency-added") in errors(result)
    assert not PIPELINE.validate_change([FileEdit(path=path, before=after, after=before)]).issues
