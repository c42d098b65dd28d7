using System.Globalization;
using System.Text.Json;
using YamlDotNet.RepresentationModel;

namespace Drover.Rehearsal.Scripts;

/// <summary>A node of the script's YAML together with the file it stands in, so that every complaint can say where.</summary>
internal readonly record struct Place(string File, YamlNode Node)
{
    public ScriptException Wrong(string problem) => new(File, Node.Start.Line, Node.Start.Column, problem);

    public Place At(YamlNode node) => new(File, node);

    public IReadOnlyList<Place> Items(string what)
    {
        if (Node is not YamlSequenceNode sequence) throw Wrong($"{what} must be a list");
        var file = File;
        return [.. sequence.Children.Select(child => new Place(file, child))];
    }

    /// <summary>The mapping's entries; a key that is not allowed is an error.</summary>
    public Dictionary<string, Place> Fields(string what, params ReadOnlySpan<string> allowed)
    {
        if (Node is not YamlMappingNode mapping) throw Wrong($"{what} must be a mapping with {string.Join(", ", allowed!)}");
        var fields = new Dictionary<string, Place>();
        foreach (var (key, value) in mapping.Children)
        {
            var name = At(key).Text("a key");
            if (!allowed.Contains(name)) throw At(key).Wrong($"unknown key '{name}' in {what}; allowed: {string.Join(", ", allowed!)}");
            fields.Add(name, At(value));
        }

        return fields;
    }

    public bool IsScalar => Node is YamlScalarNode;

    public string Text(string what) =>
        Node is YamlScalarNode { Value: { } text } ? text : throw Wrong($"{what} must be a text");

    public long Whole(string what, long from, long to) =>
        long.TryParse(Text(what), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= from && number <= to
            ? number
            : throw Wrong($"{what} must be a whole number from {from} to {to}");

    /// <summary>A duration such as <c>200ms</c>, <c>3s</c>, <c>5m</c>, <c>2h</c>; a bare number is seconds.</summary>
    public TimeSpan Duration(string what)
    {
        var text = Text(what).Trim();
        var digits = text.TrimEnd('m', 's', 'h');
        double? unit = text[digits.Length..] switch { "ms" => 0.001, "" or "s" => 1, "m" => 60, "h" => 3600, _ => null };
        if (unit is { } seconds && double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number * seconds <= 1e7)
            return TimeSpan.FromSeconds(number * seconds);
        throw Wrong($"{what} must be a duration like 200ms, 3s, 5m or 2h");
    }

    public string Json(string what)
    {
        var text = Text(what);
        try
        {
            using var _ = JsonDocument.Parse(text);
            return text.ReplaceLineEndings(" ").Trim();
        }
        catch (JsonException e)
        {
            throw Wrong($"{what} must be JSON in one text: {e.Message}");
        }
    }
}
