using Drover.Core;
using Drover.Server.Journaling;
using Xunit;

namespace Drover.Server.Tests.Journaling;

public sealed class AccessRowTests : IDisposable
{
    private readonly TestHome home = new();

    private Journal Journal => home.Journal;

    public void Dispose() => home.Dispose();

    [Fact]
    public async Task A_revoked_token_is_no_token()
    {
        var run = new RunId("00000000000000a1");
        var script = new TokenRow("h1", new(PrincipalKind.Script, "ci"), ["read", "write"], null, Some.Noon, null);
        var ofRun = new TokenRow("h2", new(PrincipalKind.Run, run.Value), [], run, Some.Noon, null);
        await Journal.Do(Priority.Urgent, tx =>
        {
            Some.Begin(tx);
            RunTable.Insert(tx, Some.Run(run.Value), Some.Order, "h2");
            TokenTable.Insert(tx, script);
            TokenTable.Insert(tx, ofRun);
        });

        Assert.Equivalent(script, Journal.Read(db => TokenTable.Get(db, "h1")), strict: true);
        Assert.Equal(2, Journal.Read(TokenTable.List).Count);
        Assert.Equal(1, await Journal.Do(Priority.Urgent, tx => TokenTable.RevokeOf(tx, run)));
        Assert.True(await Journal.Do(Priority.Urgent, tx => TokenTable.Revoke(tx, "h1")));
        Assert.False(await Journal.Do(Priority.Urgent, tx => TokenTable.Revoke(tx, "h1")));
        Assert.Null(Journal.Read(db => TokenTable.Get(db, "h1")));
        Assert.Null(Journal.Read(db => TokenTable.Get(db, "h2")));
    }

    [Fact]
    public async Task An_idempotency_key_belongs_to_one_principal_and_holds_one_answer()
    {
        var answer = new IdempotencyRow(Some.Ann, "k", "POST /tickets", "hash", 201, """{"key":"APP-1"}""", Some.Noon);
        var ofBob = answer with { Principal = new(PrincipalKind.Human, "bob") };
        await Journal.Do(Priority.Urgent, tx => IdempotencyTable.Insert(tx, answer));
        await Journal.Do(Priority.Urgent, tx => IdempotencyTable.Insert(tx, ofBob));

        await Assert.ThrowsAsync<ConstraintException>(() => Journal.Do(Priority.Urgent, tx => IdempotencyTable.Insert(tx, answer)));
        Assert.Equal(answer, Journal.Read(db => IdempotencyTable.Get(db, Some.Ann, "k")));
        Assert.Null(Journal.Read(db => IdempotencyTable.Get(db, Some.Ann, "other")));
        Assert.Equal(2, await Journal.Do(Priority.Urgent, tx => IdempotencyTable.DeleteBefore(tx, Some.Noon.AddDays(1))));
        Assert.Null(Journal.Read(db => IdempotencyTable.Get(db, Some.Ann, "k")));
    }

    [Fact]
    public async Task A_login_link_opens_once_and_nothing_opens_when_it_has_expired()
    {
        var (past, future) = (DateTimeOffset.UnixEpoch, new DateTimeOffset(2200, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await Journal.Do(Priority.Urgent, tx =>
        {
            LoginTable.Insert(tx, new("link", LoginPurpose.Link, Some.Noon, future, null));
            LoginTable.Insert(tx, new("old link", LoginPurpose.Link, Some.Noon, past, null));
            LoginTable.Insert(tx, new("cookie", LoginPurpose.Cookie, Some.Noon, future, null));
            LoginTable.Insert(tx, new("old cookie", LoginPurpose.Cookie, Some.Noon, past, null));
        });

        Assert.True(await Journal.Do(Priority.Urgent, tx => LoginTable.UseLink(tx, "link")));
        foreach (var hash in (string[])["link", "old link", "cookie", "unknown"])
            Assert.False(await Journal.Do(Priority.Urgent, tx => LoginTable.UseLink(tx, hash)));
        Assert.NotNull(Journal.Read(db => LoginTable.Cookie(db, "cookie", Some.Noon)));
        foreach (var hash in (string[])["old cookie", "link", "unknown"]) Assert.Null(Journal.Read(db => LoginTable.Cookie(db, hash, Some.Noon)));
        Assert.Equal(2, await Journal.Do(Priority.Urgent, tx => LoginTable.DeleteExpired(tx)));
    }
}
