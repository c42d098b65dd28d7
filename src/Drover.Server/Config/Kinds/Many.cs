using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Drover.Server.Config;

/// <summary>A list of values of one kind.</summary>
internal sealed class ListOf<T>(Kind<T> item, int most = 1000) : Kind<IReadOnlyList<T>>
{
    internal override string Expects => $"a list; each item: {item.Expects}";

    internal override JsonObject Schema() => new() { ["type"] = "array", ["items"] = item.Schema() };

    internal override IEnumerable<(string, Key)> Inside => item.Inside.Select(k => ("[]." + k.Path, k.Key));

    internal override bool TryRead(Found found, [MaybeNullWhen(false)] out IReadOnlyList<T> value)
    {
        value = null;
        if (found.Value is not YamlValue.List list) return found.Fail($"takes a list, not {found.Value.Noun}");
        if (list.Items.Count > most) return found.Fail($"has {list.Items.Count} items; at most {most}");
        var items = new List<T>();
        for (var i = 0; i < list.Items.Count; i++)
            if (item.TryRead(found.Item(list.Items[i], i), out var read)) items.Add(read);
        value = items;
        return items.Count == list.Items.Count;
    }
}

/// <summary>Names of the user's choice with a value each. A name written twice is an error.</summary>
internal sealed class MapOf<T>(string keyWord, Kind<string> name, Kind<T> item) : Kind<IReadOnlyDictionary<string, T>>
{
    internal override string Expects => $"a mapping from {keyWord} to {item.Expects}";

    internal override JsonObject Schema() => new()
    {
        ["type"] = "object",
        ["propertyNames"] = name.Schema(),
        ["additionalProperties"] = item.Schema(),
    };

    internal override IEnumerable<(string, Key)> Inside => item.Inside.Select(k => ($"<{keyWord}>." + k.Path, k.Key));

    internal override bool TryRead(Found found, [MaybeNullWhen(false)] out IReadOnlyDictionary<string, T> value)
    {
        value = null;
        if (found.Value is not YamlValue.Map map) return found.Fail($"takes a mapping, not {found.Value.Noun}");
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var items = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var (key, entry) in map.Entries)
        {
            var at = found.In(key, Problems.Cut(key.Text, 60));
            if (!seen.TryAdd(key.Text, key.Line)) at.Fail($"is written twice, first in line {seen[key.Text]}");
            else if (name.TryRead(at, out var known) && item.TryRead(found.In(entry, key.Text), out var read)) items[known] = read;
        }

        value = items;
        return items.Count == map.Entries.Count;
    }
}
