using System.Text.Json;
using Drover.Api;
using Drover.Core;
using Drover.Server.Journaling;

namespace Drover.Server.Http;

/// <summary>How slices put their endpoints up. Every route says who may use it; a command's answer is stored with its effect, so that a repetition
/// under the same idempotency key gets the same answer and changes nothing.</summary>
internal sealed class Routes(WebApplication app, Journal journal, Askers askers)
{
    public const string Root = "/api/v1";

    /// <summary>Answers from what is stored.</summary>
    /// <param name="parameters">The names of the query's parameters.</param>
    public void Query<T>(string pattern, Access access, Func<Ask, T> query, params string[] parameters) =>
        Query(pattern, access, ask => Task.FromResult(query(ask)), parameters);

    /// <summary>The same where the answer takes git or another machine.</summary>
    public void Query<T>(string pattern, Access access, Func<Ask, Task<T>> query, params string[] parameters) => Add(
        new("GET", Root + pattern, typeof(void), typeof(T), 200, parameters),
        async http => await Answer.Json(http, 200, await query(askers.Judge(http, access))));

    /// <summary>Changes what is stored, in one transaction.</summary>
    public void Command<TBody, T>(string method, string pattern, Access access, int status, Func<Ask, TBody, Tx, T> command) =>
        Command<TBody, TBody, T>(method, pattern, access, status, (_, body) => Task.FromResult(body), command);

    /// <summary>Finds out about the world first, then changes what is stored in one transaction.</summary>
    public void Command<TBody, TFound, T>(
        string method, string pattern, Access access, int status, Func<Ask, TBody, Task<TFound>> find, Func<Ask, TFound, Tx, T> command) =>
        Add(new(method, Root + pattern, typeof(TBody), typeof(T), status, []), async http =>
        {
            var ask = askers.Judge(http, access);
            var bytes = await JsonBody.Bytes(http);
            var found = await find(ask, JsonBody.Parse<TBody>(bytes));
            var once = Once.Of(ask, method, bytes);
            var answer = await journal.Do(Priority.Urgent, tx => once.Do(tx, status, () => JsonSerializer.SerializeToUtf8Bytes(command(ask, found, tx), WireJson.Out<T>())));
            await Answer.Bytes(http, answer.Status, "application/json", answer.Body);
        });

    /// <summary>Does something that is no change of the journal.</summary>
    public void Deed<TBody, T>(string method, string pattern, Access access, int status, Func<Ask, TBody, Task<T>> deed) =>
        Add(new(method, Root + pattern, typeof(TBody), typeof(T), status, []), async http =>
        {
            var ask = askers.Judge(http, access);
            await Answer.Json(http, status, await deed(ask, JsonBody.Parse<TBody>(await JsonBody.Bytes(http))));
        });

    /// <summary>Answers in its own way.</summary>
    public void Stream(string pattern, Access access, Func<Ask, Task> stream, params string[] parameters) =>
        Add(new("GET", Root + pattern, typeof(void), typeof(EventJson), 200, parameters), http => stream(askers.Judge(http, access)));

    private void Add(RouteShape shape, RequestDelegate handler) => app.MapMethods(shape.Pattern, [shape.Method], handler).WithMetadata(shape);
}

/// <summary>What the description of the API says of a route.</summary>
internal sealed record RouteShape(string Method, string Pattern, Type Body, Type Answer, int Status, IReadOnlyList<string> Query);
