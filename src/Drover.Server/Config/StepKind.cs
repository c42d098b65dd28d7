using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Drover.Server.Config;

/// <summary>A command with a name and a time limit; in its short form the command alone.</summary>
internal sealed class StepKind : Kind<CommandConfig>
{
    private static readonly CommandLine Line = new();
    private static readonly Key<IReadOnlyList<string>> Run = new("run", Line, [], "must be given", "The command. A list is started without a shell; a text is a line for `sh -c`.", IsRequired: true);
    private static readonly Key<string?> Name = new("name", Scalars.Line("a name", 60)!, null, "the command's text", "What people are shown.");
    private readonly Key<TimeSpan> _timeout;
    private readonly Section<CommandConfig> _long;

    internal StepKind(TimeSpan timeout)
    {
        _timeout = new("timeout", Measures.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)), timeout, Measures.Spell(timeout), "The command is ended, and has failed, when it takes longer.");
        _long = new([Name, Run, _timeout], e => Make(e.Get(Name), e.Get(Run), e.Get(_timeout)));
    }

    internal override string Expects => "a command, or a mapping with `run`";

    internal override IEnumerable<(string, Key)> Inside => _long.Inside;

    internal override JsonObject Schema() => new() { ["oneOf"] = new JsonArray([.. Line.Schema()["oneOf"]!.AsArray().Select(n => n!.DeepClone()), _long.Schema()]) };

    internal override bool TryRead(Found found, [MaybeNullWhen(false)] out CommandConfig value)
    {
        if (found.Value is YamlValue.Map) return _long.TryRead(found, out value);
        value = null;
        if (!Line.TryRead(found, out var arguments)) return false;
        value = Make(null, arguments, _timeout.Fallback);
        return true;
    }

    private static CommandConfig Make(string? name, IReadOnlyList<string> arguments, TimeSpan timeout) =>
        new(name ?? Problems.Cut(CommandLine.Show(arguments).Trim(), 60), arguments, timeout);
}
