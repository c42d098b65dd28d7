using System.Text.Json;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Acp;

/// <summary>Reads what an agent wants run.</summary>
internal static class AcpCommand
{
    /// <summary>The longest command, in characters with its variables, and the most output that is given at once, in bytes.</summary>
    private const int Longest = 64 * 1024, MostOutput = 1024 * 1024;

    /// <summary>Null, with what is wrong, for what no program can be given.</summary>
    public static Terminal? Read(string rawId, string id, JsonElement parameters, out string wrong)
    {
        var arguments = Words(parameters);
        var variables = parameters.Items("env").Select(v => new TerminalVariable(v.Text("name") ?? "", v.Text("value") ?? "")).ToList();
        var (directory, limit) = (parameters.Text("cwd"), parameters.Whole("outputByteLimit"));
        wrong = arguments is [] || arguments[0].Length == 0 ? "terminal/create needs a command"
            : arguments[0][0] == '-' || arguments[0].Contains('=') ? $"'{arguments[0]}' cannot be the name of a program here"
            : arguments.Concat(variables.Select(v => v.Value)).Append(directory ?? "").Any(t => t.Contains('\0')) ? "no program can be given a zero byte"
            : arguments.Sum(a => a.Length) + variables.Sum(v => v.Name.Length + v.Value.Length) + (directory?.Length ?? 0) > Longest ? $"the command is longer than the {Longest} characters that are taken"
            : variables.FirstOrDefault(v => !IsFree(v.Name)) is { } refused ? $"the variable '{refused.Name}' cannot be set"
            : "";
        return wrong.Length > 0 ? null : new(id, arguments)
        {
            AskedBy = rawId,
            Environment = variables,
            Directory = directory,
            Limit = (int)Math.Clamp(limit ?? MostOutput, 0, MostOutput),
        };
    }

    /// <summary>For judgement: other variables, or another place, are more than the command itself.</summary>
    /// <param name="parameters">What the command was read of.</param>
    public static AskedFor What(Terminal terminal, JsonElement parameters, string workingDirectory)
    {
        var isElsewhere = terminal.Directory is { } directory && Path.TrimEndingDirectorySeparator(directory) != workingDirectory;
        var with = string.Join(", ", terminal.Environment.Select(v => $"{v.Name}={v.Value}"));
        var text = string.Join("; ", new[] { isElsewhere ? $"in {terminal.Directory}" : "", with.Length > 0 ? $"with {with}" : "" }.Where(t => t.Length > 0));
        var line = ShellLine(parameters) ?? AcpAsked.Line(terminal.Arguments);
        return AskedFor.OfCommand(line, text.Length > 0 ? text : null, isAll: text.Length == 0);
    }

    private static string[] Words(JsonElement parameters) => ShellLine(parameters) is { } line ? ["/bin/sh", "-c", line]
        : parameters.Text("command") is { } program ? [program, .. parameters.Items("args").Select(a => a.Text() ?? "")] : [];

    /// <summary>Without arguments many agents give a line for the shell. It stays what it is: one argument of the shell's.</summary>
    private static string? ShellLine(JsonElement parameters) =>
        parameters.Text("command") is { } command && command.Any(char.IsWhiteSpace) && !parameters.Items("args").Any() ? command : null;

    /// <summary>By Drover's own variables a job's processes are known.</summary>
    private static bool IsFree(string name) => name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
        && !name.StartsWith("DROVER_", StringComparison.Ordinal);
}
