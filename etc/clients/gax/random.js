// Random requests, as far as Google's REST client can write them.
"use strict";

/** What strings are made of: whatever means something to URLs, JSON or rules. */
const PIECES = [..."aZ09 /?&=%+#:;,~*@!$()[]<>|^`'\"\\\t", "ü", "糸", "{x}", "v.1", "%2F", "null"];
// transcode() encodes half a surrogate pair at a time, which throws: nothing beyond U+FFFF.

const TEXT_TYPES = new Set(["Timestamp", "Duration", "FieldMask"]);
const MAX_DEPTH = 3;

/** Names of google.protobuf's types without the package; "" for other types. */
function wellKnown(type) {
  const [, name] = /^\.google\.protobuf\.(\w+)$/.exec(type?.fullName ?? "") ?? ["", ""];
  return name;
}

function isText(type) {
  return TEXT_TYPES.has(wellKnown(type)) || wellKnown(type).endsWith("Value") && "value" in type.fields;
}

function isMessage(field) {
  return field.resolvedType !== null && "fields" in field.resolvedType;
}

class RandomRequests {
  constructor(seed) {
    this.state = seed;
  }

  /** From 0 to less than 1: mulberry32. */
  fraction() {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  below(bound) {
    return Math.floor(this.fraction() * bound);
  }

  oneOf(values) {
    return values[this.below(values.length)];
  }

  list(count, make) {
    return Array.from({ length: count }, make);
  }

  text(minLength = 0) {
    return this.list(minLength + this.below(6), () => this.oneOf(PIECES)).join("");
  }

  bits(count) {
    let value = 0n;
    for (let i = 0; i < count; i += 16) {
      value = (value << 16n) | BigInt(this.below(65536));
    }
    return this.oneOf([0n, 1n, (1n << BigInt(count)) - 1n, 1n << BigInt(count - 1), value, value % 100n]);
  }

  /** Never -0, which JavaScript writes as 0. */
  double(isFinite = false) {
    const common = [0, 1, -1.5, 0.1, 1e21, 5e-324, this.fraction() * 1e9, Number.MAX_VALUE];
    return this.oneOf(isFinite ? common : [...common, NaN, Infinity, -Infinity]);
  }

  scalar(type, isFinite = false) {
    switch (type) {
      case "string":
        return this.text();
      case "bool":
        return this.below(2) === 1;
      case "bytes":
        return Buffer.from(this.list(this.below(5), () => this.below(256)));
      case "double":
        return this.double(isFinite);
      case "float":
        return Math.fround(this.double(true) % 1e10);
      default: {
        const size = Number(/\d+/.exec(type));
        const bits = this.bits(size);
        const number = /^(u|fixed)/.test(type) ? bits : BigInt.asIntN(size, bits);
        return size === 64 ? number.toString() : Number(number);
      }
    }
  }

  value(depth) {
    return this.below(4) === 0 ? { listValue: this.values(depth) } : this.noList(depth);
  }

  /** Without lists in it, which transcode() makes objects of. */
  values(depth) {
    return { values: this.list(this.below(3), () => this.noList(depth + 1)) };
  }

  noList(depth) {
    switch (this.below(depth < MAX_DEPTH ? 5 : 4)) {
      case 0:
        return { nullValue: "NULL_VALUE" };
      case 1:
        return { boolValue: this.below(2) === 1 };
      case 2:
        return { numberValue: this.double(true) };
      case 3:
        return { stringValue: this.text() };
      default:
        return { structValue: this.struct(depth + 1) };
    }
  }

  struct(depth) {
    return { fields: Object.fromEntries(this.list(this.below(3), () => [this.text(1), this.value(depth)])) };
  }

  wellKnown(name, type, depth) {
    switch (name) {
      case "Timestamp": // 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z
        return { seconds: this.below(315537897600) - 62135596800, nanos: this.nanos() };
      case "Duration": // the client leaves the nanoseconds out of negative ones
        return { seconds: this.below(1000000), nanos: this.nanos() };
      case "FieldMask": // the client does not turn paths to camel case
        return { paths: this.list(this.below(4), () => this.oneOf(["text", "child.name", "flag"])) };
      case "Any": {
        const inner = type.root.lookupType(
          this.oneOf(["heddle.testing.v1.Shape.Child", "google.protobuf.Duration"]),
        );
        const value = inner.encode(inner.fromObject(this.message(inner, depth + 1))).finish();
        return { type_url: `type.googleapis.com${inner.fullName.replace(".", "/")}`, value };
      }
      case "Struct":
        return this.struct(depth);
      case "Value":
        return this.value(depth);
      case "ListValue":
        return this.values(depth);
      default:
        return type.fields.value ? { value: this.scalar(type.fields.value.type) } : {};
    }
  }

  nanos() {
    return this.oneOf([0, 1, 5000, 500000000, 999999999]);
  }

  single(field, depth, isQuery) {
    const type = field.resolvedType;
    if (type === null) {
      return this.scalar(field.type, field.repeated); // in lists the client writes null for NaN
    }
    return isMessage(field) ? this.message(type, depth + 1, isQuery) : this.oneOf(Object.keys(type.values));
  }

  /** Never the key false, which protobuf.js writes to the wire as true. */
  key(type) {
    switch (type) {
      case "string":
        return `k${this.below(100)}`;
      case "bool":
        return "true";
      default:
        return `${this.scalar(type)}`;
    }
  }

  field(field, depth, isQuery) {
    if (field.map) {
      const keys = this.list(1 + this.below(2), () => this.key(field.keyType));
      return Object.fromEntries(keys.map((key) => [key, this.single(field, depth, isQuery)]));
    }
    return field.repeated
      ? this.list(1 + this.below(3), () => this.single(field, depth, isQuery))
      : this.single(field, depth, isQuery);
  }

  /** An object that protobuf.js takes for a message; never empty in a query, which can't say that. */
  message(type, depth = 0, isQuery = false) {
    const name = wellKnown(type);
    if (name) {
      return this.wellKnown(name, type, depth);
    }
    const fields = type.fieldsArray.filter((field) => canWrite(field, depth, isQuery));
    const message = {};
    const set = new Set();
    do {
      for (const field of fields) {
        const oneof = field.partOf?.name ?? field.name;
        if (this.below(4) === 0 && !set.has(oneof)) {
          set.add(oneof);
          message[field.name] = this.field(field, depth, isQuery);
        }
      }
    } while (isQuery && depth > 0 && set.size === 0);
    return message;
  }
}

/** Whether the client can write a field in the place that it has. */
function canWrite(field, depth, isQuery) {
  const type = field.resolvedType;
  const isPlain = type !== null && isMessage(field) && !isText(type);
  if (field.repeated && field.type === "bytes") {
    return false; // the client can't write lists of bytes
  }
  if (isPlain && depth >= MAX_DEPTH - 1) {
    return false;
  }
  if (!isQuery) {
    return true;
  }
  if (isPlain && (wellKnown(type) || field.repeated || field.map)) {
    return false; // by the specification of rules
  }
  // From the second level on the client forgets the names of the levels above.
  return depth === 0 || !(isPlain || field.map);
}

module.exports = { RandomRequests };
