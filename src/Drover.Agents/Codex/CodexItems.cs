using System.Text.Json;
using Drover.Agents.Wire;

namespace Drover.Agents.Codex;

/// <summary>The items of a thread: our messages, the agent's texts and thoughts, its tool calls.</summary>
internal static class CodexItems
{
    /// <summary>How many calls that are over are remembered.</summary>
    private const int Remembered = 50;

    public static void Started(Draft<CodexState> draft, JsonElement parameters, bool isOurs, JsonElement line)
    {
        var item = parameters.At("item");
        if (isOurs) Belongs(draft, parameters);
        switch (item.Text("type"))
        {
            case "userMessage" when isOurs: CodexTurns.Shown(draft, item); break;
            case var type when IsTool(type): Call(draft, item); break;
            case null: CodexReading.Raw(draft, line); break;
        }
    }

    public static void Completed(Draft<CodexState> draft, JsonElement parameters, bool isOurs, JsonElement line)
    {
        var item = parameters.At("item");
        if (isOurs) Belongs(draft, parameters);
        switch (item.Text("type"))
        {
            case "userMessage" when isOurs: CodexTurns.Shown(draft, item); break;
            case "agentMessage" when isOurs && item.Text("text") is { Length: > 0 } text: Said(draft, text); break;
            case "plan" when isOurs && item.Text("text") is { Length: > 0 } plan: draft.Say(new AgentEvent.Said(Bounded.Text(plan))); break;
            case "reasoning" when isOurs: Thought(draft, item); break;
            case "userMessage" or "agentMessage" or "plan" or "reasoning": break;
            case var type when IsTool(type): Return(draft, item); break;
            default: CodexReading.Raw(draft, line); break;
        }
    }

    /// <summary>The call that a question is about, while it is open.</summary>
    public static Item? Open(CodexState state, string? id) => state.Items.FirstOrDefault(i => i.Id == id && !i.IsOver);

    /// <summary>An item of the turn that was asked for shows that it has begun.</summary>
    private static void Belongs(Draft<CodexState> draft, JsonElement parameters)
    {
        if (draft.State.Turn is { Started: false, Id: { } id } && id == parameters.Text("turnId")) CodexTurns.Started(draft, id);
    }

    private static bool IsTool(string? type) => type is "commandExecution" or "fileChange" or "mcpToolCall" or "dynamicToolCall" or "collabAgentToolCall"
        or "webSearch" or "imageView" or "imageGeneration" or "sleep";

    private static void Said(Draft<CodexState> draft, string text)
    {
        if (draft.State.Turn is { } turn) draft.State = draft.State with { Turn = turn with { LastText = Bounded.Text(text, 16 * 1024) } };
        draft.Say(new AgentEvent.Said(Bounded.Text(text)));
    }

    private static void Thought(Draft<CodexState> draft, JsonElement item)
    {
        var summary = item.Items("summary").Select(s => s.Text()).OfType<string>().ToList();
        var text = string.Join("\n\n", summary.Count > 0 ? summary : item.Items("content").Select(s => s.Text()).OfType<string>());
        if (text.Length > 0) draft.Say(new AgentEvent.Thought(Bounded.Text(text)));
    }

    private static void Call(Draft<CodexState> draft, JsonElement item)
    {
        if (item.Text("id") is not { } id || draft.State.Items.Any(i => i.Id == id)) return;
        var changes = item.Items("changes").ToList();
        var called = new Item(id)
        {
            IsCommand = item.Text("type") == "commandExecution",
            Files = [.. changes.SelectMany(Paths).Take(Core.AskedFor.MostFiles + 1)],
            Diff = changes.Count == 0 ? null : Bounded.Text(string.Join('\n', changes.Select(c => c.Text("diff"))), Core.AskedFor.Longest + 1),
        };
        Keep(draft, called);
        draft.Say(new AgentEvent.ToolCalled(id, Tool(item), Input(item)));
    }

    /// <summary>The file, and where it is moved to; empty for one without a path.</summary>
    private static IEnumerable<string> Paths(JsonElement change) =>
        [change.Text("path") ?? "", .. new[] { change.Text("kind", "move_path") ?? change.Text("kind", "movePath") }.OfType<string>()];

    private static void Return(Draft<CodexState> draft, JsonElement item)
    {
        Call(draft, item);
        if (item.Text("id") is not { } id || Open(draft.State, id) is not { } open) return;
        Keep(draft, new(id) { IsOver = true, IsCommand = open.IsCommand });
        var failed = item.Text("status") is "failed" or "declined" || item.Whole("exitCode") is not (null or 0) || item.At("error").Exists();
        draft.Say(new AgentEvent.ToolReturned(id, Bounded.Text(Output(item)), failed));
    }

    private static void Keep(Draft<CodexState> draft, Item item)
    {
        var others = draft.State.Items.Where(i => i.Id != item.Id).ToList();
        var forgotten = others.Where(i => i.IsOver).SkipLast(Remembered).ToHashSet();
        draft.State = draft.State with { Items = [.. others.Where(i => !forgotten.Contains(i)), item] };
    }

    private static string Tool(JsonElement item) => item.Text("type") switch
    {
        "mcpToolCall" => $"{item.Text("server")}.{item.Text("tool")}",
        "dynamicToolCall" or "collabAgentToolCall" => item.Text("tool") ?? "tool",
        var type => type!,
    };

    private static string Input(JsonElement item) => item.Text("type") switch
    {
        "commandExecution" => Frame.Text(json =>
        {
            json.Words("command", Bounded.Text(CodexShell.Script(item.Text("command") ?? "")));
            if (item.Text("cwd") is { } cwd) json.Words("cwd", Bounded.Text(cwd, Core.AskedFor.LongestPath));
        }),
        "fileChange" => Bounded.Json(item.At("changes")),
        "mcpToolCall" or "dynamicToolCall" => Bounded.Json(item.At("arguments")),
        _ => Bounded.Json(item),
    };

    private static string Output(JsonElement item) => item.Text("type") switch
    {
        "commandExecution" => item.Text("aggregatedOutput") ?? item.Text("status") ?? "",
        "fileChange" => string.Join('\n', item.Items("changes").Select(c => $"{c.Text("kind", "type") ?? "change"} {c.Text("path")}").Append(item.Text("status"))),
        "mcpToolCall" => item.Text("error", "message") ?? Contents(item.At("result")),
        "dynamicToolCall" => Contents(item),
        _ => item.Text("status") ?? "",
    };

    private static string Contents(JsonElement result) => string.Join('\n',
        result.Items("content").Concat(result.Items("contentItems")).Select(c => c.Text("text") ?? $"[{c.Text("type") ?? "?"}]"));
}
