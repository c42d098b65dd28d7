using System.Text.Json;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Claude;

/// <summary>What a question for permission is about, from the tool's name and its input.</summary>
internal static class ClaudeAsked
{
    /// <summary>The tool that asks the user to choose.</summary>
    public const string Choice = "AskUserQuestion";

    public static AskedFor Read(string tool, JsonElement request)
    {
        var input = request.At("input");
        var words = input.Text("description") ?? request.Text("description");
        return tool switch
        {
            // A rule about a command is not one about running it outside of the CLI's own sandbox.
            "Bash" => AskedFor.OfCommand(input.Text("command"), words, isAll: !input.Flag("dangerouslyDisableSandbox")),
            "Write" => Edit(input, "file_path", Replaced.Diff(null, input.Text("content"))),
            "Edit" => Edit(input, "file_path", Replaced.Diff(input.Text("old_string"), input.Text("new_string"))),
            "MultiEdit" => Edit(input, "file_path",
                string.Concat(input.Items("edits").Take(AskedFor.MostFiles).Select(e => Replaced.Diff(e.Text("old_string"), e.Text("new_string"))))),
            "NotebookEdit" => Edit(input, "notebook_path", Replaced.Diff(null, input.Text("new_source"))),
            "Read" or "NotebookRead" => AskedFor.OfFiles(AskedKind.Read, [input.Text("file_path") ?? input.Text("notebook_path")]),
            "Glob" or "Grep" or "LS" => AskedFor.OfFiles(AskedKind.Read, [input.Text("path") ?? "."], null, input.Text("pattern")),
            "WebFetch" or "WebSearch" => AskedFor.Of(AskedKind.Fetch, input.Text("url") ?? input.Text("query")),
            Choice => AskedFor.Of(AskedKind.Question, string.Join('\n', input.Items("questions").Take(10).Select(q => q.Text("question")).OfType<string>())),
            _ => AskedFor.Of(AskedKind.Other, words),
        };
    }

    private static AskedFor Edit(JsonElement input, string path, string diff) => AskedFor.OfFiles(AskedKind.Edit, [input.Text(path)], diff);
}
