using System.Net;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Drover.EndToEnd.Rehearsal;

/// <summary>The model server at its wire; the real CLI's view of it is <see cref="RealClaudeTests"/>' affair.</summary>
public sealed class ModelServerTests : IDisposable
{
    private const string Script = """
        rules:
          - when: slow
            steps: [{say: {text: one two three four five, chunk: 4, delay: 1h}}]
        turns:
          - [{think: hm}, {say: First.}, {edit: {path: a.txt, content: a}}, {tool: {run: "true"}}, {say: End of one.}]
          - [{say: End of two.}]
        """;

    private readonly Scratch scratch = new();
    private readonly HttpClient http = new();

    public void Dispose()
    {
        http.Dispose();
        scratch.Dispose();
    }

    [Fact]
    public async Task The_place_in_the_script_follows_from_the_messages_alone()
    {
        await using var model = await ModelProcess.Start(scratch, Script);
        object[] one = [User("go")];
        object[] two = [.. one, Called("Write"), Returned()];
        object[] three = [.. two, Called("Bash"), Returned()];
        object[] four = [.. three, new { role = "assistant", content = "End of one." }, User("and on")];

        // In any order, and again: a retry or another conversation changes nothing.
        foreach (var _ in new[] { 1, 2 })
        {
            Assert.Equal("End of one.", (await Ask(model, three)).Text("content", "0", "text"));
            Assert.Equal("Write", (await Ask(model, one)).Text("content", "2", "name"));
            Assert.Equal("End of two.", (await Ask(model, four)).Text("content", "0", "text"));
            Assert.Equal("Bash", (await Ask(model, two)).Text("content", "0", "name"));
        }
    }

    [Fact]
    public async Task A_stream_has_the_vendors_events_in_order()
    {
        await using var model = await ModelProcess.Start(scratch, Script);

        var response = await http.PostAsync($"{model.Url}/v1/messages?beta=true", Body([User("go")], stream: true, withTools: true));
        var events = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(
            [
                "message_start", "ping",
                "content_block_start", "content_block_delta", "content_block_delta", "content_block_stop",
                "content_block_start", "content_block_delta", "content_block_stop",
                "content_block_start", "content_block_delta", "content_block_stop",
                "message_delta", "message_stop",
            ],
            events.Select(text => text.Split('\n')[0]["event: ".Length..]));
        Assert.All(events, text => Assert.Equal(text.Split('\n')[0]["event: ".Length..], JsonSerializer.Deserialize<JsonElement>(text.Split('\n')[1]["data: ".Length..]).Text("type")));
    }

    [Fact]
    public async Task Errands_without_tools_do_not_move_the_script()
    {
        await using var model = await ModelProcess.Start(scratch, Script);

        var errand = await http.PostAsync($"{model.Url}/v1/messages", Body([User("a title, please")], stream: false, withTools: false));
        var head = await http.SendAsync(new HttpRequestMessage(HttpMethod.Head, model.Url));
        var count = await http.PostAsync($"{model.Url}/v1/messages/count_tokens", Body([User("go")], stream: false, withTools: true));
        var nowhere = await http.GetAsync($"{model.Url}/v1/nowhere");

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.NotFound], [errand.StatusCode, head.StatusCode, count.StatusCode, nowhere.StatusCode]);
        Assert.Equal("Write", (await Ask(model, [User("go")])).Text("content", "2", "name"));
        Assert.Equal(["aux", "head", "count_tokens", "unknown", "main"], model.Log.Select(line => line.Text("kind")).OfType<string>());
    }

    [Fact]
    public async Task Several_scripts_are_chosen_by_the_url()
    {
        await using var model = await ModelProcess.Start(scratch, new Dictionary<string, string> { ["one"] = "steps: [{say: This is one.}]", ["two"] = "steps: [{say: This is two.}]" });

        var said = new List<string?>();
        foreach (var place in new[] { "/s/two", "/s/one", "/s/three", "" })
        {
            var response = await http.PostAsync($"{model.Url}{place}/v1/messages", Body([User("go")], stream: false, withTools: true));
            var body = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
            said.Add(response.IsSuccessStatusCode ? body.Text("content", "0", "text") : body.Text("error", "message"));
        }

        Assert.Equal(["This is two.", "This is one."], said.Take(2));
        Assert.All(said.Skip(2), message => Assert.EndsWith("scripts are played below /s/one/, /s/two/", message, StringComparison.Ordinal));
        Assert.Equal(["two", "one"], model.Log.Select(line => line.Text("script")).OfType<string>());
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("""{"model": "m", "messages": [7]}""")]
    public async Task A_body_that_is_no_request_is_refused_and_the_server_goes_on(string body)
    {
        await using var model = await ModelProcess.Start(scratch, Script);

        var refused = await http.PostAsync($"{model.Url}/v1/messages", new StringContent(body));

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("Write", (await Ask(model, [User("go")])).Text("content", "2", "name"));
    }

    [Fact]
    public async Task A_client_that_goes_away_in_the_middle_is_noticed()
    {
        await using var model = await ModelProcess.Start(scratch, Script);
        using (var leaving = new HttpClient())
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{model.Url}/v1/messages") { Content = Body([User("slow")], stream: true, withTools: true) };
            using var response = await leaving.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        var answer = await model.Logged(line => line.Text("event") == "answer");

        Assert.True(answer.At("client_gone").GetBoolean());
    }

    private async Task<JsonElement> Ask(ModelProcess model, object[] messages)
    {
        var response = await http.PostAsync($"{model.Url}/v1/messages", Body(messages, stream: false, withTools: true));
        return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
    }

    private static StringContent Body(object[] messages, bool stream, bool withTools)
    {
        object[] tools = withTools
            ? [Tool("Bash", "command", "description"), Tool("Write", "file_path", "content")]
            : [];
        return new StringContent(JsonSerializer.Serialize(new { model = "m", stream, messages, tools }), Encoding.UTF8, "application/json");
    }

    private static object Tool(string name, params string[] arguments) =>
        new { name, input_schema = new { type = "object", properties = arguments.ToDictionary(argument => argument, _ => new { type = "string" }) } };

    private static object User(string text) => new { role = "user", content = new[] { new { type = "text", text } } };

    private static object Called(string tool) => new { role = "assistant", content = new[] { new { type = "tool_use", id = "t", name = tool, input = new { } } } };

    private static object Returned() => new { role = "user", content = new[] { new { type = "tool_result", tool_use_id = "t", content = "done" } } };
}
