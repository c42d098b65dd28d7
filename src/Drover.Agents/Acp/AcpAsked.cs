using System.Text.Json;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Acp;

/// <summary>What a question for permission is about, from the tool call it carries. Agents differ in where they put a command or a path; the kinds are the protocol's.</summary>
internal static class AcpAsked
{
    /// <param name="tool">What is known of the call already; an agent need not repeat it.</param>
    public static AskedFor Read(JsonElement call, Tool? tool)
    {
        var title = call.Text("title") ?? tool?.Title;
        return (call.Text("kind") ?? tool?.Kind) switch
        {
            "execute" => Command(call) is { } command ? AskedFor.OfCommand(command, call.Text("rawInput", "description"))
                // Where there is no input the title is the command. Where there is one it may be a description, which the model wrote.
                : AskedFor.OfCommand(title, call.Text("rawInput", "description"), isAll: !call.At("rawInput").Exists()),
            "edit" or "delete" or "move" => AskedFor.OfFiles(AskedKind.Edit, AcpPolicy.Paths(call), Diff(call), title),
            "read" or "search" => AskedFor.OfFiles(AskedKind.Read, AcpPolicy.Paths(call), null, title),
            "fetch" => AskedFor.Of(AskedKind.Fetch, call.Text("rawInput", "url") ?? title),
            _ => AskedFor.Of(AskedKind.Other, title),
        };
    }

    /// <summary>Some give a command as its words.</summary>
    private static string? Command(JsonElement call) => call.Text("rawInput", "command") is { } line ? line
        : call.Items("rawInput", "command").Select(w => w.Text()).OfType<string>().ToArray() is { Length: > 0 } words ? Line(words) : null;

    /// <summary>Words as a shell would read them.</summary>
    public static string Line(IEnumerable<string> words) => string.Join(' ', words.Select(Quoted));

    private static string Quoted(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./=:@,+%".Contains(c)) ? word : $"'{word.Replace("'", "'\\''")}'";

    private static string? Diff(JsonElement call)
    {
        var shown = string.Concat(call.Items("content").Where(c => c.Text("type") == "diff").Take(AskedFor.MostFiles).Select(c => Replaced.Diff(c.Text("oldText"), c.Text("newText"))));
        return shown.Length > 0 ? shown : call.Text("rawInput", "diff");
    }
}
