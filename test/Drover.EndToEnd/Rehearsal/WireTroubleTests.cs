using System.Text;
using System.Text.Json;
using Xunit;

namespace Drover.EndToEnd.Rehearsal;

/// <summary>What goes wrong, as each vendor says it.</summary>
public sealed class WireTroubleTests : IDisposable
{
    private readonly Scratch scratch = new();
    private readonly HttpClient http = new();

    public static TheoryData<string> Formats => [.. Wire.All.Keys];

    public void Dispose()
    {
        http.Dispose();
        scratch.Dispose();
    }

    [Theory]
    [InlineData("chat", "401 401 invalid_api_key", "413 400 context_length_exceeded", "429 429 rate_limit_exceeded", "500 500 server_error", "529 503 server_is_overloaded")]
    [InlineData("responses", "401 401 invalid_api_key", "413 400 context_length_exceeded", "429 429 rate_limit_exceeded", "500 500 server_error", "529 503 server_is_overloaded")]
    [InlineData("gemini", "401 401 UNAUTHENTICATED", "413 400 INVALID_ARGUMENT", "429 429 RESOURCE_EXHAUSTED", "500 500 INTERNAL", "529 503 UNAVAILABLE")]
    public async Task A_refusal_has_the_vendors_status_and_words(string format, params string[] expected)
    {
        var errors = expected.Select(line => line.Split(' ')[0]).ToList();
        await using var model = await ModelProcess.Start(scratch, errors.ToDictionary(error => error, error => $"steps: [{{error: {{status: {error}, retry_after: 7s}}}}]"));

        var got = new List<string>();
        foreach (var error in errors)
        {
            var response = await Post(model, format, stream: false, $"/s/{error}");
            var body = (await Read(response)).At("error");
            got.Add($"{error} {(int)response.StatusCode} {body.Text("status") ?? body.Text("code") ?? body.Text("type")}");
            // Where the context is full, waiting is of no use.
            if (error != "413") Assert.Equal(TimeSpan.FromSeconds(7), response.Headers.RetryAfter?.Delta);
        }

        Assert.Equal(expected, got);
    }

    [Fact]
    public async Task Gemini_says_in_the_body_when_to_try_again_and_which_quota_it_is()
    {
        await using var model = await ModelProcess.Start(scratch, new Dictionary<string, string>
        {
            ["minute"] = "steps: [{error: {status: 429, retry_after: 7s}}]",
            ["day"] = "steps: [{usage_limit: {resets_in: 2h}}]",
        });

        var minute = await Read(await Post(model, "gemini", stream: true, "/s/minute"));
        var day = await Read(await Post(model, "gemini", stream: true, "/s/day"));

        Assert.Equal(("GenerateRequestsPerMinutePerProjectPerModel", "7s"), (minute.Text("error", "details", "0", "violations", "0", "quotaId"), minute.Text("error", "details", "1", "retryDelay")));
        Assert.Equal("GenerateRequestsPerDayPerProjectPerModel", day.Text("error", "details", "0", "violations", "0", "quotaId"));
        Assert.InRange(int.Parse(day.Text("error", "details", "1", "retryDelay")!.TrimEnd('s'), System.Globalization.CultureInfo.InvariantCulture), 7000, 7200);
    }

    [Fact]
    public async Task A_used_up_allowance_tells_codex_when_it_is_renewed_and_others_that_it_is_used_up()
    {
        await using var model = await ModelProcess.Start(scratch, "steps: [{usage_limit: {resets_in: 2h}}]");
        var before = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

        var response = await Post(model, "responses", stream: true);
        var error = (await Read(response)).At("error");
        var other = await Read(await Post(model, "chat", stream: true));

        var resets = error.At("resets_at").GetInt64();
        Assert.Equal((429, "usage_limit_reached"), ((int)response.StatusCode, error.Text("type")));
        Assert.InRange(resets, before + 7200, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 7200);
        Assert.InRange(error.At("resets_in_seconds").GetInt64(), 1, 7200);
        Assert.Equal([resets.ToString(System.Globalization.CultureInfo.InvariantCulture)], response.Headers.GetValues("x-codex-primary-reset-at"));
        Assert.Equal("insufficient_quota", other.Text("error", "code"));
    }

    [Theory]
    [InlineData("chat", "error", "code", "server_is_overloaded")]
    [InlineData("responses", "response", "error", "code", "server_is_overloaded")]
    [InlineData("gemini", "error", "status", "UNAVAILABLE")]
    public async Task A_refusal_in_the_middle_stands_at_the_end_of_the_stream(string format, params string[] pathAndWord)
    {
        await using var model = await ModelProcess.Start(scratch, "steps: [{say: partial}, {error: 529}]");

        var events = await Events(model, format);

        Assert.Contains("partial", string.Concat(events[..^1]), StringComparison.Ordinal);
        Assert.Equal(pathAndWord[^1], JsonSerializer.Deserialize<JsonElement>(events[^1]).Text(pathAndWord[..^1]));
    }

    [Fact]
    public async Task A_full_context_is_told_codex_in_the_stream()
    {
        await using var model = await ModelProcess.Start(scratch, "steps: [{error: 413}]");

        var last = JsonSerializer.Deserialize<JsonElement>((await Events(model, "responses"))[^1]);

        Assert.Equal(("response.failed", "context_length_exceeded"), (last.Text("type"), last.Text("response", "error", "code")));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task An_answer_stops_in_the_middle_loudly_or_silently_or_never_comes_or_is_no_JSON(string format)
    {
        await using var model = await ModelProcess.Start(scratch, new Dictionary<string, string>
        {
            ["loudly"] = "steps: [{say: partial}, drop]",
            ["silently"] = "steps: [{say: partial}, {drop: silently}]",
            ["never"] = "steps: [hang]",
            ["malformed"] = "steps: [{malformed: '{oops'}, {say: more}]",
        });

        await Assert.ThrowsAnyAsync<Exception>(() => Events(model, format, "/s/loudly"));
        var silent = await Events(model, format, "/s/silently");
        var malformed = await Events(model, format, "/s/malformed");
        using (var stop = new CancellationTokenSource())
        {
            var asking = Post(model, format, stream: true, "/s/never", stop.Token);
            await model.Logged(line => line.Text("script") == "never");
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        }

        Assert.Contains("partial", silent[^1], StringComparison.Ordinal);
        Assert.Contains("{oops", malformed);
        Assert.Contains("more", string.Concat(malformed), StringComparison.Ordinal);
        await model.Logged(line => line.At("client_gone").ValueKind == JsonValueKind.True);
    }

    /// <summary>The data of a stream's events.</summary>
    private async Task<string[]> Events(ModelProcess model, string format, string place = "")
    {
        var response = await Post(model, format, stream: true, place);
        var text = await response.Content.ReadAsStringAsync();
        return [.. text.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => line["data: ".Length..])];
    }

    private Task<HttpResponseMessage> Post(ModelProcess model, string format, bool stream, string place = "", CancellationToken token = default)
    {
        var wire = Wire.All[format];
        var body = wire.Body([new Talked.User("go")], stream, null);
        body["tools"] = wire.Tools(("bash", new { type = "object" }));
        return http.PostAsync(model.Url + place + wire.Path(stream), new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"), token);
    }

    private static async Task<JsonElement> Read(HttpResponseMessage response) => JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
}
