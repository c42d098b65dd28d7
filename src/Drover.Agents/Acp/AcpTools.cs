using System.Text.Json;
using Drover.Agents.Wire;

namespace Drover.Agents.Acp;

/// <summary>Tool calls. Some agents announce a call before its arguments are known, some say nothing until it is done; each call is told once, with its arguments.</summary>
internal static class AcpTools
{
    /// <summary>How many finished calls of a turn are remembered, so that a repeated line is not taken for a new call.</summary>
    private const int Remembered = 200;

    public static void Update(Draft<AcpState> draft, JsonElement update)
    {
        if (update.Text("toolCallId") is not { } id)
        {
            draft.Say(new AgentEvent.Raw(Bounded.Json(update)));
            return;
        }

        id = Bounded.Id(id);
        var tool = Find(draft, id, update);
        if (tool.Done) return;
        var status = update.Text("status");
        var over = status is "completed" or "failed";
        if (over || status == "in_progress" || tool.Input is not null) tool = Tell(draft, tool);
        if (over)
        {
            draft.Say(new AgentEvent.ToolReturned(id, Output(update), status == "failed"));
            tool = new(id) { Told = true, Done = true };
        }

        Keep(draft, tool);
    }

    /// <summary>The agent asks whether it may make the call.</summary>
    public static Tool Asked(Draft<AcpState> draft, string id, JsonElement call)
    {
        var tool = Tell(draft, Find(draft, Bounded.Id(id), call));
        Keep(draft, tool);
        return tool;
    }

    /// <summary>Tells the calls that were announced and never begun.</summary>
    public static void EndTurn(Draft<AcpState> draft)
    {
        foreach (var tool in draft.State.Tools) Tell(draft, tool);
        draft.State = draft.State with { Tools = [] };
    }

    private static Tool Find(Draft<AcpState> draft, string id, JsonElement update)
    {
        var tool = draft.State.Tools.FirstOrDefault(t => t.Id == id) ?? new Tool(id);
        if (tool.Done || tool.Told) return tool;
        var input = update.At("rawInput");
        return tool with
        {
            Kind = update.Text("kind") ?? tool.Kind,
            Title = update.Text("title") is { } title ? Bounded.Text(title, 4096) : tool.Title,
            Input = input.ValueKind == JsonValueKind.Object && input.EnumerateObject().Any(m => m.Name != "cwd") ? Bounded.Json(input) : tool.Input,
        };
    }

    private static Tool Tell(Draft<AcpState> draft, Tool tool)
    {
        if (tool.Told) return tool;
        draft.State = draft.State with { Turn = draft.State.Turn with { CalledTools = true } };
        var name = tool.Kind is null or "other" ? tool.Title ?? "tool" : tool.Kind;
        draft.Say(new AgentEvent.ToolCalled(tool.Id, name, tool.Input ?? Frame.Text(json => json.Words("title", tool.Title ?? ""))));
        return tool with { Told = true, Input = null };
    }

    private static void Keep(Draft<AcpState> draft, Tool tool) =>
        draft.State = draft.State with { Tools = [.. draft.State.Tools.Where(t => t.Id != tool.Id).TakeLast(Remembered), tool] };

    private static string Output(JsonElement update)
    {
        var parts = update.Items("content").Select(c => c.Text("content", "text") ?? (c.Text("type") == "diff" ? $"edited {c.Text("path")}" : null)).OfType<string>();
        var text = string.Join('\n', parts);
        if (text.Length > 0) return Bounded.Text(text);
        var raw = update.At("rawOutput");
        return Bounded.Text(raw.Text("output") ?? raw.Text() ?? (raw.Exists() ? raw.GetRawText() : ""));
    }
}
