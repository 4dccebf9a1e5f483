from axe_playwright_python.sync_playwright import Axe

OUT='/tmp/design-shots'
def test_shots(site_url, browser):
    for w in (1280,390):
        ctx=browser.new_context(viewport={'width':w,'height':900}); page=ctx.new_page()
        page.on('console', lambda m: print('CONSOLE',m.type,m.text[:300]))
        page.on('pageerror', lambda m: print('ERR',m))
        for name,path in {'desk':'/design/?bad&toast=1','portal':'/design/portal/','confirm':'/design/confirm/','plain':'/design/plain/','act':'/design/act/','en':'/en/design/','404':'/nothing/','elder':'/design/portal/?view=elder'}.items():
            r=page.goto(site_url+path); print(w,name,r.status)
            if r.status==500: print(page.content()[:3000])
            page.screenshot(path=f'{OUT}/{name}-{w}.png',full_page=True)
            res=Axe().run(page)
            for v in res.response['violations']:
                print('  AXE',v['id'],v['impact'],len(v['nodes']),[ (n['html'][:140], n.get('any') and n['any'][0].get('message','')[:160]) for n in v['nodes'][:3]])
            sw=page.evaluate('document.documentElement.scrollWidth'); print('  scrollWidth',sw)
