using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Drover.Core;

namespace Drover.Server.Config;

/// <summary>One of a few known words.</summary>
internal sealed class Word<T>(IReadOnlyDictionary<string, T> words) : Kind<T>
{
    internal override string Expects => string.Join(", ", words.Keys.Select(w => $"`{w}`"));

    internal override JsonObject Schema() => new() { ["enum"] = new JsonArray([.. words.Keys.Select(w => (JsonNode)w)]) };

    internal override bool TryRead(Found found, [MaybeNullWhen(false)] out T value)
    {
        if (found.Value is YamlValue.Scalar { IsNothing: false } s)
            return words.TryGetValue(s.Text, out value)
                || found.Fail($"'{Problems.Cut(s.Text, 40)}' is not known; {Nearest.Advice(s.Text, [.. words.Keys])}");
        value = default;
        return found.Fail($"takes a word, not {found.Value.Noun}; allowed: {string.Join(", ", words.Keys)}");
    }
}

internal static class Word
{
    /// <summary>The members of an enum as they are spelt in files: lower case with dashes (<c>on-approval</c>).</summary>
    internal static Word<T> Of<T>() where T : struct, Enum => new(Enum.GetValues<T>().ToDictionary(Spell, v => v));

    internal static Word<string> Of(IEnumerable<string> words) => new(words.ToDictionary(w => w, w => w));

    internal static string Spell<T>(T value) where T : struct, Enum => value.Word().Replace('_', '-');
}
