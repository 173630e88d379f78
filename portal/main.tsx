import './ui/fonts.css';
import './ui/tokens.css';
import './ui/base.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router';
import { askForSession } from './session/session.resource.ts';
import { startLanguage } from './settings/language.ts';
import { ThemeProvider } from './settings/theme-provider.tsx';
import { createQueryClient } from './shell/query-client.ts';
import { createRouter } from './shell/routes.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id "root".');

const client = createQueryClient();
void askForSession(client);
await startLanguage();

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <ThemeProvider>
        <RouterProvider router={createRouter()} />
      </ThemeProvider>
    </QueryClientProvider>
  </StrictMode>,
);
