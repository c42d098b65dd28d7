using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Drover.Server.Config;

/// <summary>A command. A list is program and arguments, started without a shell. A text is a shell line: its author wrote it as one in the trusted target
/// branch, so it goes to <c>sh -c</c> unaltered; nothing is ever put into it.</summary>
internal sealed class CommandLine : Kind<IReadOnlyList<string>>
{
    private static readonly Scalar<string> Argument = new("an argument", text =>
        text.Length > 32_000 ? (null, "is longer than 32,000 characters") : text.Contains('\0') ? (null, "holds a NUL character") : (text, null));

    internal override string Expects => "a list of program and arguments, or a text for `sh -c`";

    internal override JsonObject Schema() => new()
    {
        ["oneOf"] = new JsonArray(
            new JsonObject { ["type"] = "string", ["minLength"] = 1 },
            new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" }, ["minItems"] = 1 }),
    };

    internal override bool TryRead(Found found, [MaybeNullWhen(false)] out IReadOnlyList<string> value)
    {
        value = null;
        if (found.Value is YamlValue.Scalar)
        {
            if (!Argument.TryRead(found, out var line)) return false;
            value = ["/bin/sh", "-c", line];
            return !string.IsNullOrWhiteSpace(line) || found.Fail("is blank");
        }

        if (found.Value is not YamlValue.List { Items.Count: > 0 }) return found.Fail($"takes {Expects}, not {(found.Value is YamlValue.List ? "an empty list" : found.Value.Noun)}");
        if (!new ListOf<string>(Argument).TryRead(found, out value)) return false;
        return !string.IsNullOrWhiteSpace(value[0]) || found.Fail("the program's name is blank");
    }

    /// <summary>The command as a person would write it, for names and messages; never run.</summary>
    internal static string Show(IReadOnlyList<string> arguments) =>
        arguments is ["/bin/sh", "-c", var line] ? line : string.Join(' ', arguments.Select(a => a.Length == 0 || a.Any(char.IsWhiteSpace) ? $"'{a}'" : a));
}
