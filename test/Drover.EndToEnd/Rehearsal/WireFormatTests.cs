using System.Text;
using System.Text.Json;
using Xunit;

namespace Drover.EndToEnd.Rehearsal;

/// <summary>The model server at its wire in the formats of <see cref="Wire"/>; the real CLIs' view of them is <see cref="RealCommitTests"/>' affair.</summary>
public sealed class WireFormatTests : IDisposable
{
    private const string Script = """
        turns:
          - [{think: hm}, {say: First.}, {edit: {path: a.txt, content: "a\n"}}, {tool: {run: echo b}}, {usage: {input: 150, output: 12, cache_read: 50}}, {say: End of one.}]
          - [{say: End of two.}]
        """;

    private readonly Scratch scratch = new();
    private readonly HttpClient http = new();

    public static TheoryData<string> Formats => [.. Wire.All.Keys];

    public void Dispose()
    {
        http.Dispose();
        scratch.Dispose();
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task The_place_in_the_script_follows_from_the_messages_alone(string format)
    {
        var wire = Wire.All[format];
        await using var model = await ModelProcess.Start(scratch, Script);
        Talked[] one = [new Talked.User("go")];
        Talked[] two = [.. one, new Talked.Call("write"), new Talked.Result("ok")];
        Talked[] three = [.. two, new Talked.Call("bash"), new Talked.Result("ok")];
        Talked[] four = [.. three, new Talked.Answer("End of one."), new Talked.User("and on")];

        // In any order, and again: a retry or another conversation changes nothing.
        foreach (var _ in new[] { 1, 2 })
        {
            var last = await Ask(model, wire, three);
            Assert.Equal(("End of one.", (200, 50, 12)), (wire.Text(last), wire.Usage(last)));
            Assert.Equal("""write {"path":"/work place/a.txt","content":"a\n"}""", Shown(wire, await Ask(model, wire, one)));
            Assert.Equal("End of two.", wire.Text(await Ask(model, wire, four)));
            Assert.Equal("""bash {"command":"echo b"}""", Shown(wire, await Ask(model, wire, two)));
        }

        var requests = model.Log.Where(line => line.Text("event") == "request").ToList();
        Assert.Single(requests.Select(line => line.Text("conversation")).Distinct());
        Assert.All(requests, line => Assert.Equal((format, "main"), (line.Text("format"), line.Text("kind"))));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task A_message_after_a_tools_result_is_a_steer_and_one_after_an_answer_or_a_broken_off_turn_a_prompt(string format)
    {
        await using var model = await ModelProcess.Start(scratch, Script);

        await Ask(model, Wire.All[format],
        [
            new Talked.User("P1"), new Talked.Call("bash"), new Talked.Result("ok"), new Talked.User("S1"), new Talked.User("S2"), new Talked.Answer("said"),
            new Talked.User("P2"), new Talked.Call("bash"), new Talked.User("P3"), new Talked.Call("bash"), new Talked.Result("half\nCommand aborted"), new Talked.User("P4"),
            new Talked.Call("bash"), new Talked.Result("ok"), new Talked.User("S3"),
        ]);

        var request = model.Log.Single(line => line.Text("kind") == "main");
        Assert.Equal((4, 2), (request.At("turn").GetInt32(), request.At("reply").GetInt32()));
        Assert.Equal(["P1", "S1", "S2", "P2", "P3", "P4", "S3"], request.At("user_messages").EnumerateArray().Select(text => text.GetString()));
    }

    [Theory]
    [InlineData("chat", "role+content reasoning_content content tool_calls tool_calls tool_calls usage [DONE]")]
    [InlineData("responses", """
        created in_progress
        output_item.added reasoning_summary_part.added reasoning_summary_text.delta reasoning_summary_text.done reasoning_summary_part.done output_item.done
        output_item.added content_part.added output_text.delta output_text.done content_part.done output_item.done
        output_item.added function_call_arguments.delta function_call_arguments.done output_item.done completed
        """)]
    [InlineData("gemini", "text+thought text functionCall STOP")]
    public async Task A_stream_has_the_vendors_events_in_order(string format, string kinds)
    {
        var wire = Wire.All[format];
        await using var model = await ModelProcess.Start(scratch, Script);

        var response = await Post(model, wire, [new Talked.User("go")], stream: true);
        var events = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(kinds.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), events.Select(text => Kind(wire, text)));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task An_errand_gets_an_answer_of_the_shape_that_it_asks_for_and_does_not_move_the_script(string format)
    {
        var wire = Wire.All[format];
        var schema = new { type = "object", properties = new { title = new { type = "string" }, choice = new { type = "STRING", @enum = new[] { "flash", "pro" } }, score = new { type = "integer" } } };
        await using var model = await ModelProcess.Start(scratch, Script);

        var shaped = await Ask(model, wire, [new Talked.User("go")], schema: schema);
        var title = await Ask(model, wire, [new Talked.User("go")], withTools: false);

        Assert.Equal("""{"title":"Rehearsal","choice":"flash","score":1}""", wire.Text(shaped));
        Assert.Equal("Rehearsal", wire.Text(title));
        Assert.Equal(["aux", "aux"], model.Log.Select(line => line.Text("kind")).OfType<string>());
    }

    [Theory]
    [InlineData("chat", "not json")]
    [InlineData("chat", """{"model": "m", "messages": [{"role": "nobody"}]}""")]
    [InlineData("responses", """{"model": "m", "input": 7}""")]
    [InlineData("gemini", """{"contents": [7]}""")]
    public async Task A_body_that_is_no_request_is_refused_in_the_vendors_words(string format, string body)
    {
        await using var model = await ModelProcess.Start(scratch, Script);

        var response = await http.PostAsync(model.Url + Wire.All[format].Path(stream: false), new StringContent(body));

        Assert.Equal(400, (int)response.StatusCode);
        var error = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync()).At("error");
        Assert.Equal(format == "gemini" ? "INVALID_ARGUMENT" : "invalid_request_error", error.Text("status") ?? error.Text("type"));
    }

    private async Task<JsonElement> Ask(ModelProcess model, Wire wire, Talked[] talked, bool withTools = true, object? schema = null)
    {
        var response = await Post(model, wire, talked, stream: false, withTools, schema);
        return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
    }

    private Task<HttpResponseMessage> Post(ModelProcess model, Wire wire, Talked[] talked, bool stream, bool withTools = true, object? schema = null)
    {
        var body = wire.Body(talked, stream, schema);
        if (withTools) body["tools"] = wire.Tools(("bash", Takes("command")), ("write", Takes("path", "content")));
        return http.PostAsync(model.Url + wire.Path(stream), new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"));
    }

    private static object Takes(params string[] arguments) => new { type = "object", properties = arguments.ToDictionary(name => name, _ => new { type = "string" }) };

    private static string? Shown(Wire wire, JsonElement answer) => wire.Call(answer) is var (name, arguments) ? $"{name} {arguments.GetRawText()}" : null;

    private static string Kind(Wire wire, string text)
    {
        var lines = text.Split('\n');
        var data = lines[^1]["data: ".Length..];
        if (data == "[DONE]") return data;
        return wire.Kind(lines.Length > 1 ? lines[0]["event: ".Length..] : "", JsonSerializer.Deserialize<JsonElement>(data));
    }
}
