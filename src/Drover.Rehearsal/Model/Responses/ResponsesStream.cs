using System.Text;
using System.Text.Json.Nodes;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Model.Responses;

internal sealed class ResponsesStream(EventStream stream, string model, Tokens tokens) : StreamedMessage(stream)
{
    private readonly string id = OutputItems.NewId("resp");
    private readonly JsonArray output = [];
    private readonly StringBuilder text = new();
    private JsonObject item = [];
    private long sequence;

    private bool IsText => Kind == BlockKind.Text;

    public override Task Piece(string piece)
    {
        text.Append(piece);
        return Event(IsText ? "response.output_text.delta" : "response.reasoning_summary_text.delta", OfPart(new() { ["delta"] = piece }));
    }

    public override async Task EndBlock()
    {
        var said = text.ToString();
        await Event(IsText ? "response.output_text.done" : "response.reasoning_summary_text.done", OfPart(new() { ["text"] = said }));
        await Event(IsText ? "response.content_part.done" : "response.reasoning_summary_part.done", OfPart(new() { ["part"] = Part(said) }));
        item[IsText ? "content" : "summary"] = new JsonArray(Part(said));
        await EndItem();
    }

    protected override async Task WriteHead()
    {
        await Event("response.created", new() { ["response"] = Response("in_progress", [], null) });
        await Event("response.in_progress", new() { ["response"] = Response("in_progress", [], null) });
    }

    protected override async Task WriteBlockHead()
    {
        text.Clear();
        item = IsText ? OutputItems.Message("") : OutputItems.Reasoning("");
        await BeginItem(IsText ? "content" : "summary", new JsonArray());
        await Event(IsText ? "response.content_part.added" : "response.reasoning_summary_part.added", OfPart(new() { ["part"] = Part("") }));
    }

    protected override async Task WriteCall(ToolCall call)
    {
        item = OutputItems.Call(call);
        var name = OutputItems.InputName(call);
        var kindOfInput = call.IsFreeText ? "response.custom_tool_call_input" : "response.function_call_arguments";
        await BeginItem(name, "");
        await Event($"{kindOfInput}.delta", OfItem(new() { ["delta"] = call.Input }));
        await Event($"{kindOfInput}.done", OfItem(new() { [name] = call.Input }));
        await EndItem();
    }

    protected override Task WriteFailure(HttpRefusal refusal)
    {
        var error = refusal.Body["error"]!;
        var response = Response("failed", [], null);
        response["error"] = new JsonObject { ["code"] = (error["code"] ?? error["type"])?.DeepClone(), ["message"] = error["message"]?.DeepClone() };
        return Event("response.failed", new() { ["response"] = response });
    }

    protected override Task WriteEnd(bool calledTool) =>
        Event("response.completed", new() { ["response"] = Response("completed", output, OutputItems.Usage(tokens)) });

    private JsonObject Response(string status, JsonArray items, JsonObject? usage) => OutputItems.Response(id, model, status, items, usage);

    private JsonObject Part(string said) => IsText ? OutputItems.TextPart(said) : OutputItems.SummaryPart(said);

    /// <summary>The item as it will be, but for the property that comes in pieces.</summary>
    private async Task BeginItem(string property, JsonNode empty)
    {
        var begun = item.DeepClone().AsObject();
        begun[property] = empty;
        if (begun.ContainsKey("status")) begun["status"] = "in_progress";
        await Event("response.output_item.added", new() { ["output_index"] = output.Count, ["item"] = begun });
    }

    private async Task EndItem()
    {
        await Event("response.output_item.done", new() { ["output_index"] = output.Count, ["item"] = item.DeepClone() });
        output.Add((JsonNode)item);
    }

    private JsonObject OfItem(JsonObject body)
    {
        body["item_id"] = item["id"]!.GetValue<string>();
        body["output_index"] = output.Count;
        return body;
    }

    private JsonObject OfPart(JsonObject body)
    {
        body[IsText ? "content_index" : "summary_index"] = 0;
        return OfItem(body);
    }

    private Task Event(string type, JsonObject body)
    {
        body.Insert(0, "type", type);
        body["sequence_number"] = sequence++;
        return Send(body);
    }
}
