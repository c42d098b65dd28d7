using System.Text.Json;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Codex;

/// <summary>What a question of the server is about.</summary>
internal static class CodexAsked
{
    public static (string Tool, AskedFor What) Of(CodexState state, string method, JsonElement parameters) => method switch
    {
        "item/commandExecution/requestApproval" => ("commandExecution", Command(state, parameters)),
        "item/fileChange/requestApproval" => ("fileChange", Change(state, parameters)),
        "item/permissions/requestApproval" => ("permissions", AskedFor.Of(AskedKind.Other, parameters.Text("reason"))),
        "item/tool/requestUserInput" => ("requestUserInput", AskedFor.Of(AskedKind.Question,
            string.Join('\n', parameters.Items("questions").Take(10).Select(q => q.Text("question")).OfType<string>()))),
        "mcpServer/elicitation/request" when IsToolCall(parameters) =>
            ($"{parameters.Text("serverName")}.{parameters.Text("_meta", "tool_name")}", AskedFor.Of(AskedKind.Other, parameters.Text("message"))),
        _ => (parameters.Text("serverName") ?? "elicitation", AskedFor.Of(AskedKind.Question, parameters.Text("message"))),
    };

    /// <summary>A question for permission to call a tool of a tool server comes in the form that those servers use for questions of their own.</summary>
    public static bool IsToolCall(JsonElement parameters) => parameters.Text("_meta", "codex_approval_kind") == "mcp_tool_call";

    /// <summary>One that is about anything but starting this very command in the usual way, in the worktree, is no plain command: no rule may allow it by its looks.</summary>
    private static AskedFor Command(CodexState state, JsonElement parameters)
    {
        var reason = parameters.Text("reason");
        if (parameters.At("networkApprovalContext").Text("host") is { } host) return AskedFor.Of(AskedKind.Fetch, host);
        var isPlain = parameters.Text("kind") is null or "command" && !parameters.At("additionalPermissions").Exists();
        if (parameters.Text("command") is not { } command) return AskedFor.Of(AskedKind.Other, reason);
        return parameters.Text("cwd") is { } directory && !IsWithin(directory, state.Wish.WorkingDirectory)
            ? AskedFor.OfCommand(CodexShell.Script(command), $"in {directory}{(reason is null ? "" : $": {reason}")}", isAll: false)
            : AskedFor.OfCommand(CodexShell.Script(command), reason, isPlain);
    }

    private static AskedFor Change(CodexState state, JsonElement parameters)
    {
        var (item, reason) = (CodexItems.Open(state, parameters.Text("itemId")), parameters.Text("reason"));
        return parameters.At("grantRoot").Exists()
            ? AskedFor.OfFiles(AskedKind.Edit, item?.Files ?? [], item?.Diff, $"write below {parameters.Text("grantRoot")}: {reason}", isAll: false)
            : AskedFor.OfFiles(AskedKind.Edit, item?.Files ?? [], item?.Diff, reason);
    }

    private static bool IsWithin(string directory, string root) => directory == root || directory.StartsWith(root + "/", StringComparison.Ordinal) && !directory.Split('/').Contains("..");
}
