using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Drover.Server.Config;

/// <summary>A mapping with known keys. Any other key is an error that names what is allowed.</summary>
/// <param name="make">Builds the value. Called also when entries were wrong (their fallbacks then stand in), so that every problem is found at once;
/// the result is then thrown away.</param>
internal sealed class Section<T>(IReadOnlyList<Key> keys, Func<Entries, T> make) : Kind<T>
{
    internal override string Expects => "a mapping";

    internal override JsonObject Schema()
    {
        var properties = new JsonObject();
        foreach (var key in keys)
        {
            var schema = key.Takes.Schema();
            schema["description"] = key.Meaning;
            properties[key.Name] = schema;
        }

        var section = new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = properties };
        var required = keys.Where(k => k.IsRequired).Select(k => (JsonNode)k.Name).ToArray();
        if (required.Length > 0) section["required"] = new JsonArray(required);
        return section;
    }

    internal override IEnumerable<(string, Key)> Inside =>
        keys.SelectMany(k => k.Takes.Inside.Select(i => (Join(k.Name, i.Path), i.Key)).Prepend((k.Name, k)));

    internal override bool TryRead(Found found, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (found.Value is not YamlValue.Map map) return found.Fail($"takes a mapping, not {found.Value.Noun}");
        var entries = new Dictionary<string, YamlValue>(StringComparer.Ordinal);
        foreach (var (key, entry) in map.Entries)
        {
            var at = found.In(key, Problems.Cut(key.Text, 60));
            if (keys.All(k => k.Name != key.Text)) at.Fail($"unknown key; {Nearest.Advice(key.Text, [.. keys.Select(k => k.Name)])}");
            else if (!entries.TryAdd(key.Text, entry)) at.Fail($"is written twice, first in line {entries[key.Text].Line}");
        }

        foreach (var key in keys.Where(k => k.IsRequired && !entries.ContainsKey(k.Name)))
            found.Fail($"the key '{key.Name}' is missing; it takes {key.Takes.Expects}");
        value = make(new(found, entries));
        return true;
    }

    private static string Join(string name, string inside) => inside.StartsWith("[]", StringComparison.Ordinal) ? name + inside : $"{name}.{inside}";
}

/// <summary>The entries of a section while its value is made.</summary>
internal sealed class Entries(Found section, IReadOnlyDictionary<string, YamlValue> values)
{
    /// <summary>The key's value, or its fallback when it is absent or wrong.</summary>
    internal T Get<T>(Key<T> key) =>
        values.TryGetValue(key.Name, out var value) && key.Kind.TryRead(section.In(value, key.Name), out var read) ? read : key.Fallback;

    internal bool Has(Key key) => values.ContainsKey(key.Name);

    /// <summary>Where the key stands, for a complaint about what it means together with others; the section itself when it is absent.</summary>
    internal Found At(Key key) => values.TryGetValue(key.Name, out var value) ? section.In(value, key.Name) : section;
}
